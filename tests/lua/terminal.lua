--- A real terminal (tmux) that runs the command, is typed into, and looked at.
local command = require "tests.lua.command"
local helper = require "tests.lua.helper"
local shell = require "shell"

local terminal = {}
terminal.__index = terminal

local height <const> = 200
local patience_seconds <const> = 20
local count = 0

function terminal:tmux(arguments)
  return shell.capture(("tmux -u -L %s -f /dev/null %s 2>&1"):format(self.socket, arguments))
end

--- Runs `threatlocker` with these words in a terminal of that width; `output` is a file for standard output instead of
--- the terminal. As a <close> variable it ends with the block.
function terminal.run(width, arguments, environment, output)
  count = count + 1
  local self = setmetatable({ socket = ("tl-%s-%d"):format(os.tmpname():match "[^/]+$", count) }, terminal)
  local words = {}
  for at, word in ipairs(arguments) do
    words[at] = shell.quote(word)
  end
  if output then
    words[#words + 1] = ">" .. shell.quote(output)
  end
  local line = ("%s %s lua/bin/threatlocker %s; echo \"[exit $?]\"; sleep 100"):format(helper.environment(environment),
    shell.quote(shell.interpreter()), table.concat(words, " "))
  local said = self:tmux(("new-session -d -x %d -y %d %s"):format(width, height, shell.quote(line)))
  assert(said == "", said)
  return self
end

--- What is on the screen without empty lines at the end. `how` are more options of tmux's capture-pane: "-e" keeps
--- colours as escape sequences, "-J" joins wrapped lines.
function terminal:screen(how)
  return (self:tmux("capture-pane -p " .. (how or "")):gsub("%s+$", "\n"))
end

--- Waits until the screen is another than the last time, and ends with that text; returns the screen.
function terminal:wait(text)
  local screen
  for _ = 1, patience_seconds * 20 do
    screen = self:screen "-J"
    if screen ~= self.seen and screen:gsub("%s+$", ""):sub(-#text) == text then
      self.seen = screen
      return screen
    end
    os.execute "sleep 0.05"
  end
  error(("%q did not come; the screen:\n%s"):format(text, screen), 2)
end

--- Types an answer to the question that stands there.
function terminal:type(text)
  self:tmux("send-keys -l " .. shell.quote(text))
  self:tmux "send-keys Enter"
end

--- Waits for a question, then types the answer.
function terminal:answer(question, text)
  self:wait(question)
  self:type(text)
end

--- Presses a key by tmux's name for it: "C-c".
function terminal:press(key)
  self:tmux("send-keys " .. key)
end

--- Waits for the end; returns the exit code and the screen without the line that tells it.
function terminal:finish()
  local screen
  for _ = 1, patience_seconds * 20 do
    screen = self:screen()
    local before, code = screen:match "^(.-)%[exit (%d+)%]%s*$"
    if before then
      return math.tointeger(tonumber(code)), before
    end
    os.execute "sleep 0.05"
  end
  error("it did not end; the screen:\n" .. screen, 2)
end

function terminal:close()
  self:tmux "kill-server"
end

terminal.__close = terminal.close

--- What differs from run to run, as what does not: times of today, operations.
function terminal.steady(screen)
  local today, yesterday = os.date "!%Y-%m-%d", os.date("!%Y-%m-%d", os.time() - 86400)
  return (screen:gsub("(Operation +)%x+%-%x+%-%x+%-%x+%-%x+", "%1xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
    :gsub("(%d%d%d%d%-%d%d%-%d%d)(%s+)%d%d:%d%d:%d%dZ", function(day, gap)
      return (day == today or day == yesterday) and "yyyy-mm-dd" .. gap .. "hh:mm:ssZ" or nil
    end))
end

--- Expects that screen in tests/lua/screens/NAME.txt; with TL_UPDATE_SCREENS set it is written there instead.
function terminal.assert_screen(name, screen)
  local path = "tests/lua/screens/" .. name .. ".txt"
  local steady = terminal.steady(screen)
  if os.getenv "TL_UPDATE_SCREENS" then
    local file <close> = assert(io.open(path, "w"))
    file:write(steady)
    return
  end
  local expected = command.slurp(path)
  if steady ~= expected then
    error(("%s differs; expected:\n%s\nseen:\n%s"):format(path, expected, steady), 2)
  end
end

return terminal
