--- What the specs of the examples share: a sandbox to run them against, and what their output must be like.
local helper = require "tests.lua.helper"
local json = require "dkjson"

local examples = {}
examples.__index = examples

--- A text that would clear a terminal, start a line of its own and turn its end around.
examples.hostile = 'C:\\x\27[2J\u{9B}31m\r\nnext"line\u{202E}.exe'

--- One line that says that the server failed.
function examples.is_server_error(text)
  assert(text:find "^[^\n]+%(server%)\n$", text)
end

--- Nothing that steers a terminal but line ends, and `count` of these.
function examples.is_harmless(text, count)
  assert(not text:gsub("\r?\n", ""):find "%c", text)
  assert(not (text:find "\u{9B}" or text:find "\u{202E}"), text)
  assert(select(2, text:gsub("\n", "")) == count, text)
end

--- The line of the text that tells of that request.
function examples.line_about(id, text)
  for line in text:gmatch "[^\n]+" do
    if line:find(id, 1, true) then return line end
  end
  error("nothing about " .. id .. " in: " .. text)
end

function examples.start()
  return setmetatable({ sandbox = helper.start() }, examples)
end

function examples:stop()
  self.sandbox:stop()
end

--- Runs an example with these arguments: exit code, standard output, standard error.
function examples:run(name, ...)
  return helper.run_script("lua/examples/" .. name, { ... }, self.sandbox:environment())
end

--- Changes a request.
function examples:set(id, members)
  self.sandbox:call("POST", "request", { approvalRequestId = id, set = members })
end

--- All writes applied, as "1017 permit" and so on, in the order of the requests.
function examples:writes()
  local list = {}
  for _, request in ipairs(self.sandbox:call("GET", "state").requests) do
    for kind, times in pairs(request.writes) do
      for _ = 1, times do list[#list + 1] = request.approvalRequestId:sub(-4) .. " " .. kind end
    end
  end
  return table.concat(list, ", ")
end

--- Bodies of the permits that arrived.
function examples:permits()
  local bodies = {}
  for _, call in ipairs(self.sandbox:calls "ApprovalRequestPermitApplication") do
    bodies[#bodies + 1] = json.decode(call.body)
  end
  return bodies
end

--- After so many of its calls, a list with more than 600 rows breaks off.
function examples:break_list(calls)
  self.sandbox:call("POST", "seed", { default = true, generate = 600 })
  self.sandbox:fault { match = "GetByParameters", kind = "status", status = 500, after = calls, times = -1 }
end

--- That list, of so many pages, has a row more in each of the three walks.
function examples:move_list(pages)
  self.sandbox:call("POST", "seed", { default = true, generate = 600 })
  for times, number in ipairs { 1009, 1010, 1012 } do
    self.sandbox:fault { match = "GetByParameters", kind = "change", after = pages * times, set = { statusId = 1 },
                         approvalRequestId = helper.request_id(number) }
  end
end

return examples
