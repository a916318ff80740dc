--- A call of every function and method of the module, for specs that repeat all of them under hard conditions.
---
--- A case is { name, run, about, prepare, light }: `run(world, given)` may be repeated at will; `given` is what
--- prepare(world) returned, which runs before each time. `light` calls may need no memory of Lua's.
local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

local calls = {}

local hash <const> = helper.printer_hash
local row <const> = { approvalRequestId = helper.request_id(1003), organizationId = helper.bakery }
local own <const> = helper.request_id(1011)
local storage <const> = { approvalRequestId = helper.request_id(1006), organizationId = helper.dental }
local escalated <const> = { approvalRequestId = helper.request_id(1012), organizationId = helper.bakery }

calls.row = row
calls.choice = { application = "new", name = "Label printer", rules = { { hash = hash } } }

local world = {}
world.__index = world

local function ignore_line() end

--- What the cases work with: services, a chain, an open prompt and an answered one. `line` gets all lines of the log
--- and all events.
function calls.start(line)
  local sandbox = helper.start()
  local self = setmetatable({ sandbox = sandbox, ledger = helper.ledger(), path = os.tmpname(),
                              line = line or ignore_line }, world)
  self.client = sandbox:client { log = self.line, fields = { "path" } }
  self.soar = sandbox:soar_client { log = self.line, null = threatlocker.null }
  self:ask()
  assert(self:open_chain():step())
  return self
end

--- What is to be found in SOAR.
function world:ask()
  self.open, self.answered = self:prompt "playbook", self:prompt "playbook"
  self:answer(self.answered)
  self.record, self.run = assert(self.soar:approval(self.answered)), nil
  self.container = assert(self.soar:create_container { name = "x", label = "events", source_data_identifier = "x" }).id
  self.external = self.sandbox:call("POST", "prompt", { external = true }).token
end

function world:stop()
  self.chain:close()
  self.sandbox:stop()
  self.ledger:remove()
  os.remove(self.path)
  os.remove(self.path .. ".file")
end

--- A prompt about the request, sealed for that executor.
function world:prompt(executor)
  local prepared = assert(self.client:prepare_prompt(row, { executor = executor, choice = calls.choice }))
  return self.sandbox:call("POST", "prompt", { approvalRequestId = row.approvalRequestId,
                                               message = prepared.message }).approval
end

function world:answer(approval)
  self.sandbox:call("POST", "answer", { approval = approval, status = "approved", responses = { "Permit", "x" },
                                        by = "analyst" })
end

--- Also lets go of a ledger that a chain half made may hold.
function world:close_chain()
  if self.chain then
    self.chain:close()
  end
  collectgarbage()
  collectgarbage()
end

--- With every kind of option, and a decide function that declines.
function world:make_chain()
  self.chain = assert(threatlocker.chain {
    name = "test", client = self.client, soar = self.soar, ledger = self.ledger.path, since = "2020-01-01T00:00:00Z",
    event = self.line, events = self.path, words = { permit = { "Ja", "Permit" }, reject = { "Nein" } },
    limits = { allow_modes = { "learning" } }, decide = function() return nil, "not now" end,
  })
end

--- A new one in place of the one before.
function world:open_chain()
  self:close_chain()
  self:make_chain()
  return self.chain
end

local function fresh_client(self)
  return assert(threatlocker.client { base_url = self.sandbox.portal, token = "x", proxy = "" })
end

local function fresh_soar(self)
  return assert(threatlocker.soar { url = self.sandbox.soar, token = "x", proxy = "" })
end

--- A chain whose services nobody else uses: to stop it ends their use.
local function spare_chain(self)
  self:close_chain()
  self.chain = assert(threatlocker.chain { name = "test", client = fresh_client(self), soar = fresh_soar(self),
                                           ledger = self.ledger.path })
  return self.chain
end

local function listing(self)
  local requests = self.client:requests { children = true, page_size = 7 }
  requests()
  return requests
end

calls.cases = {
  { "threatlocker.client", function()
    assert(threatlocker.client { instance = "g", token = "x", fields = { "path" }, log = print }):close()
  end },
  { "threatlocker.soar", function()
    assert(threatlocker.soar { url = "https://soar.example.com", user = "u", password = "p", log = print }):close()
  end },
  { "threatlocker.chain", world.make_chain, prepare = world.close_chain },
  { "threatlocker.history", function(self)
    assert(#assert(threatlocker.history(self.ledger.path)) > 0)
  end, prepare = world.close_chain },
  { "threatlocker.array", function() threatlocker.array() threatlocker.array { {} } end, light = true },
  { "threatlocker.json_decode", function()
    local text = '{"a":[],"b":{},"c":[1,2.5,"x",null,[{}]],"d":18446744073709551616,"e":null}'
    assert(threatlocker.json_decode(text, { null = threatlocker.null }))
    assert(threatlocker.json_decode('[{"a":1,"b":[{"c":2}]},{"a":"x","c":{}}]')[2].a == "x")
  end },
  { "threatlocker.json_encode", function()
    assert(threatlocker.json_encode { a = { 1, 2, {} }, b = "ä", c = 1.5, d = { x = 1, y = threatlocker.null } })
  end },
  { "threatlocker.clean_text", function() assert(threatlocker.clean_text("a\27[2J" .. ("ä"):rep(99)) ~= "") end },
  { "threatlocker.endpoints", function() assert(#threatlocker.endpoints() > 20) end },
  { "threatlocker.sleep", function() threatlocker.sleep(0) end, light = true },

  { "client:requests", function(self)
    local types = { "execute", "elevate" }
    local requests <close> = self.client:requests { children = true, page_size = 7, action_types = types }
    while requests() do end -- luacheck: ignore
    assert(requests:complete())
  end },
  { "client:request_page", function(self) assert(self.client:request_page { children = true, page_size = 2 }) end },
  { "client:count", function(self) assert(self.client:count { organization_id = helper.bakery }) end },
  { "client:request", function(self) assert(self.client:request(row)) end },
  { "client:request", function(self) assert(self.client:request "no-guid" == nil) end, about = "that fails" },
  { "client:permit_details", function(self) assert(self.client:permit_details(row)) end },
  { "client:storage_details", function(self) assert(self.client:storage_details(storage)) end },
  { "client:file_details", function(self) assert(self.client:file_details(own)) end },
  { "client:download_file", function(self) assert(self.client:download_file(own, self.path .. ".file")) end,
    prepare = function(self) os.remove(self.path .. ".file") end },
  { "client:matching_applications", function(self) assert(self.client:matching_applications(row)) end },
  { "client:matching_applications", function(self)
    assert(self.client:matching_applications({ hash = hash, createdBys = { "x" } },
                                             { organization_id = helper.bakery }))
  end, about = "by criteria" },
  { "client:suggest_conditions", function(self) assert(self.client:suggest_conditions(row)) end },
  { "client:applications", function(self) assert(self.client:applications { os = "mac", search = "x" }) end },
  { "client:maintenance_applications", function(self) assert(self.client:maintenance_applications()) end },
  { "client:application", function(self) assert(self.client:application(helper.application_id(201))) end },
  { "client:research", function(self) assert(self.client:research(helper.application_id(101))) end },
  { "client:organizations", function(self)
    assert(self.client:organizations { via = { "parameters", "move" }, search = "b" })
  end },
  { "client:computer_groups", function(self) assert(self.client:computer_groups { os = "all" }) end },
  { "client:audit", function(self) assert(self.client:audit { children = true, page_size = 2 }) end },
  { "client:permit", function(self)
    assert(self.client:permit(row, { application = "new", name = "x", rules = { { hash = hash } }, dry_run = true }))
  end },
  { "client:permit_storage", function(self)
    assert(self.client:permit_storage(storage, { policy = "new", name = "x", dry_run = true }))
  end },
  { "client:reject", function(self) assert(self.client:reject(row, { reason = "x", dry_run = true })) end },
  { "client:reject", function(self)
    assert(self.client:reject({ row, own, storage }, { reason = "x", dry_run = true }))
  end, about = "of several" },
  { "client:reject", function(self) assert(self.client:reject { row, row } == nil) end, about = "of one twice" },
  { "client:ignore", function(self) assert(self.client:ignore({ own }, { dry_run = true })) end },
  { "client:take_ownership", function(self) assert(self.client:take_ownership(row, { dry_run = true })) end },
  { "client:authorize", function(self)
    assert(self.client:authorize(escalated, { message = "x", dry_run = true }))
  end },
  { "client:prepare_prompt", function(self)
    assert(self.client:prepare_prompt(row, { executor = "playbook", choice = calls.choice }))
  end },
  { "client:prepare_prompt", function(self)
    assert(self.client:prepare_prompt(row, { executor = "playbook", words = { reject = { "Nein" } },
                                             choices = { { label = "Here", choice = calls.choice } } }))
  end, about = "with labels" },
  { "client:resolve_prompt", function(self)
    assert(self.client:resolve_prompt(self.soar, self.open, {
      limits = { allow_modes = { "monitor" } }, words = { permit = { "Permit" }, ignore = { "Ignore" } },
    }))
  end },
  { "client:probe", function(self) assert(self.client:probe().stage == "replied") end },
  { "client:cancel", function(_, client) client:cancel() end, prepare = fresh_client, light = true },
  { "client:close", function(_, client) client:close() end, prepare = fresh_client, light = true },

  { "requests:totals", function(_, requests) assert(requests:totals().total_items) end, prepare = listing },
  { "requests:complete", function(_, requests) requests:complete() end, prepare = listing, light = true },
  { "requests:close", function(_, requests) requests:close() end, prepare = listing, light = true },

  { "soar:approvals", function(self) assert(self.soar:approvals()) end },
  { "soar:approvals", function(self)
    assert(self.soar:approvals { status = "pending", descending = true, limit = 1 })
  end, about = "with a limit" },
  { "soar:approval", function(self) assert(self.soar:approval(self.open, { block_results = true })) end },
  { "soar:block_results", function(self) assert(self.soar:block_results()) end },
  { "soar:approval_summary", function(self) assert(self.soar:approval_summary(self.open)) end },
  { "soar:create_approval", function(self) assert(self.soar:create_approval { name = "x" } == nil) end },
  { "soar:container_approvals", function(self) assert(self.soar:container_approvals(self.container)) end },
  { "soar:action_run", function(self) assert(self.soar:action_run(self.record.action_run)) end },
  { "soar:app_runs", function(self) assert(self.soar:app_runs(self.record.action_run)) end },
  { "soar:app_run", function(self) assert(self.soar:app_run(self.run)) end, prepare = function(self)
    self.run = self.run or assert(self.soar:app_runs(self.record.action_run))[1].id
  end },
  { "soar:containers", function(self) assert(self.soar:containers { label = "events", limit = 2 }) end },
  { "soar:container", function(self) assert(self.soar:container(self.container)) end },
  { "soar:create_container", function(self)
    assert(self.soar:create_container { name = "x", label = "events", source_data_identifier = "x" })
  end },
  { "soar:add_note", function(self) assert(self.soar:add_note(self.container, "Permitted", "by **x**")) end,
    light = true },
  { "soar:run_playbook", function(self)
    assert(self.soar:run_playbook({ container_id = self.container, playbook_id = 7, inputs = { request = "x" } },
                                  { inputs_as_text = true }))
  end },
  { "soar:playbook_run", function(self) assert(self.soar:playbook_run(self.record.playbook_run)) end },
  { "soar:external_prompt", function(self) assert(self.soar:external_prompt(self.external)) end },
  { "soar:version", function(self) assert(self.soar:version()) end },
  { "soar:prompt_answer", function(self) assert(self.soar:prompt_answer(self.answered)) end },
  { "soar:probe", function(self) assert(self.soar:probe().stage == "replied") end },
  { "soar:cancel", function(_, soar) soar:cancel() end, prepare = fresh_soar, light = true },
  { "soar:close", function(_, soar) soar:close() end, prepare = fresh_soar, light = true },

  { "chain:step", function(_, chain) assert(chain:step()) end, prepare = world.open_chain },
  { "chain:run", function(_, chain)
    assert(chain:run { signals = true, on_step = function() return true end })
  end, prepare = world.open_chain },
  { "chain:history", function(_, chain) assert(#assert(chain:history()) > 0) end, prepare = world.open_chain },
  { "chain:stop", function(_, chain) chain:stop() end, prepare = spare_chain, light = true },
  { "chain:close", function(_, chain) chain:close() end, prepare = world.open_chain, light = true },
}

for _, case in ipairs(calls.cases) do
  case.name, case.run = table.unpack(case)
  case.title = case.name .. (case.about and " " .. case.about or "")
end

return calls
