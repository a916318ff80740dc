--- Questions to whoever sits at the terminal.
local core = require "threatlocker.core"

local confirm = {}

--- Writes text that belongs to a question, not to the result.
function confirm.write(...)
  io.stderr:write(...)
end

--- The line that was answered, without spaces around it; nil at the end of input.
function confirm.ask(question)
  io.stderr:write(question .. " ") -- at once: whoever sees the question may answer
  local line = io.stdin:read "l"
  if not line then
    io.stderr:write "\n"
    return nil
  end
  return line:match "^%s*(.-)%s*$"
end

--- Whether somebody can be asked.
function confirm.is_possible()
  return core.is_terminal "stdin"
end

--- Whether that was raised by Ctrl-C, which the interpreter turns into an error.
function confirm.is_interrupt(raised)
  return type(raised) == "string" and raised:find "interrupted!$" ~= nil
end

--- True after a yes; anything else is a no.
function confirm.is_wanted(question)
  local answer = (confirm.ask(question .. " [y/N]") or ""):lower()
  return answer == "y" or answer == "yes"
end

return confirm
