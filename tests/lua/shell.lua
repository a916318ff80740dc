--- Running commands.
local shell = {}

function shell.quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

--- What the command printed.
function shell.capture(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

--- The program that runs this script, to run another one in it.
function shell.interpreter()
  local at = 0
  while arg[at - 1] do
    at = at - 1
  end
  return arg[at]
end

return shell
