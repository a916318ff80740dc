--- Makes every kind of call to a sandbox and prints what was sent, one JSON object a line:
---   {"about", "form", "held", "calls"}   a step: the raw text of the calls that the sandbox received, of what the
---                                        server had answered before (`held`), and the form of a permit's body
---   {"token"}, {"endpoints"}  what the calls must carry, the module's table
package.path = arg[0]:match "^(.*)/" .. "/?.lua;" .. package.path

local json = require "dkjson"
local permits = require "permits"
local reads = require "reads"
local sandbox = require "sandbox"
local shell = require "shell"
local threatlocker = require "threatlocker"
local writes = require "writes"

local server <const> = sandbox.start()

local function get(address, headers)
  local words = { "curl -sS --fail --noproxy '*' --max-time 20", shell.quote(address) }
  for name, value in pairs(headers or {}) do
    words[#words + 1] = "-H " .. shell.quote(name .. ": " .. value)
  end
  return shell.capture(table.concat(words, " "))
end

--- What the server holds on the step's request, as text: a round trip must send it back.
local function held_before(step)
  return step.held and get(("%s/%s?approvalRequestId=%s"):format(server.portal, step.held, step.id),
                           { Authorization = server.token, ManagedOrganizationId = step.organization }) or nil
end

local function emit(line)
  print(json.encode(line))
end

--- Runs one step on fresh data.
local function record(client, step, form)
  server:call("POST", "reset", {})
  for name, value in pairs(step.switches or {}) do
    server:switch { [name] = value }
  end
  local held = held_before(step)
  server:forget()
  local good, message = pcall(step.run, client, step, form)
  emit { about = step.about, form = form, held = held, calls = get(server.control .. "/calls"),
         raised = not good and tostring(message) or nil }
end

local client <const> = server:client()
for _, steps in ipairs { reads, writes } do
  for _, step in ipairs(steps) do
    record(client, step)
  end
end
for _, step in ipairs(permits) do
  record(client, step, "minimal")
  record(client, step, "full")
end
emit { token = server.token }
emit { endpoints = threatlocker.endpoints() }
server:stop()
