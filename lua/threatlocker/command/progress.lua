--- How far a long list has come: a count and a rate on standard error, where somebody looks on and the list itself
--- goes elsewhere.
local core = require "threatlocker.core"

local progress = {}
progress.__index = progress

local pause <const> = 0.2 -- seconds between two lines; nothing is told of what ends before

--- For so many `things`. Shows nothing unless standard error is a terminal and standard output is none.
function progress.new(things)
  return setmetatable({
    things = things, shown = core.is_terminal "stderr" and not core.is_terminal "stdout", count = 0,
    began = core.clock(), told = core.clock(),
  }, progress)
end

--- One more; `total` where it is known.
function progress:tick(total)
  self.count = self.count + 1
  if not self.shown then
    return
  end
  local now = core.clock()
  if now - self.told >= pause then
    self.told, self.wrote = now, true
    io.stderr:write(("\r%d%s %s, %.0f/s\27[K"):format(self.count, total and " of " .. total or "", self.things,
      self.count / (now - self.began)))
  end
end

--- Takes the line away; also as a <close> variable.
function progress:close()
  if self.wrote then
    io.stderr:write "\r\27[K"
    self.wrote = false
  end
end

progress.__close = progress.close

return progress
