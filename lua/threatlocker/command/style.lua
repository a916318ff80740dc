--- Colours, on a terminal only, and never where NO_COLOR says so (https://no-color.org).
local core = require "threatlocker.core"

local style = {}

local codes <const> = { title = "1", good = "32", bad = "31", doubtful = "33", quiet = "2" }

local function is_coloured()
  local no_color, term = os.getenv "NO_COLOR", os.getenv "TERM"
  return core.is_terminal "stdout" and (not no_color or no_color == "") and term ~= nil and term ~= "dumb"
end

local coloured <const> = is_coloured()

--- style.good(text), style.bad(text) and so on: the text, in colour where there are colours.
for name, code in pairs(codes) do
  style[name] = function(line)
    return coloured and line ~= "" and ("\27[%sm%s\27[0m"):format(code, line) or line
  end
end

return style
