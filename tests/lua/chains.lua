--- What the specs of chains share: a sandbox, clients, a ledger, and prompts about one request.
local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

local chains = {}
chains.__index = chains

chains.id = helper.request_id(1003)
chains.row = { approvalRequestId = chains.id, organizationId = helper.bakery }

local hash <const> = helper.printer_hash

function chains.new_application(scope)
  return { application = "new", name = "Label printer", scope = scope or "computer", rules = { { hash = hash } } }
end

--- A new sandbox with everything that a chain needs.
function chains.start()
  local self = setmetatable({ sandbox = helper.start(), ledger = helper.ledger(), opened = {} }, chains)
  self.client, self.soar = self.sandbox:client(), self.sandbox:soar_client()
  return self
end

function chains:stop()
  for _, chain in ipairs(self.opened) do
    chain:close()
  end
  self.sandbox:stop()
  self.ledger:remove()
end

--- The options of a chain named "test"; those given add to them.
function chains:options(options)
  local all = { name = "test", client = self.client, soar = self.soar, ledger = self.ledger.path,
                since = "2020-01-01T00:00:00Z" }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return all
end

function chains:open(options)
  local chain = assert(threatlocker.chain(self:options(options)))
  self.opened[#self.opened + 1] = chain
  return chain
end

--- Asks about the request; `prompt` adds to what prepare_prompt takes. Returns the prompt's id.
function chains:ask(prompt)
  local all = { executor = "chain:test" }
  for name, value in pairs(prompt or { choice = chains.new_application() }) do
    all[name] = value
  end
  local prepared = assert(self.client:prepare_prompt(chains.row, all))
  return self:show(prepared)
end

--- Puts what was prepared into a prompt, as a playbook does.
function chains:show(prepared)
  return self.sandbox:call("POST", "prompt", {
    approvalRequestId = chains.id, message = prepared.message, response_types = {
      { prompt = "Decision", options = { type = "list", required = true, choices = prepared.choices } },
      { prompt = "Reason", options = { type = "message", required = false } },
    },
  }).approval
end

function chains:answer(approval, word, by)
  self.sandbox:call("POST", "answer", { approval = approval, status = "approved", by = by or "analyst",
                                        responses = { word, "Known tool" } })
end

--- How often each write about the request was applied.
function chains:writes()
  return self.sandbox:request(chains.id).writes
end

--- Why the chain did what it did last.
function chains.last_message(chain)
  local history = assert(chain:history(chains.id))
  return history[#history].message
end

return chains
