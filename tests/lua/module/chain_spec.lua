local chains = require "tests.lua.chains"
local helper = require "tests.lua.helper"
local core = require "threatlocker.core"
local json = require "dkjson"
local threatlocker = require "threatlocker"

local id, new_application, last_message = chains.id, chains.new_application, chains.last_message

describe("a chain", function()
  local all, sandbox, client, soar

  before_each(function()
    all = chains.start()
    sandbox, client, soar = all.sandbox, all.client, all.soar
  end)

  after_each(function()
    all:stop()
  end)

  local function open(options) return all:open(options) end
  local function ask(choice) return all:ask { choice = choice or new_application() } end
  local function answer(approval, word) all:answer(approval, word) end

  it("turns an answer into one verified permit", function()
    local chain = open()
    local approval = ask()
    assert.equal(1, assert(chain:step()).watched)
    answer(approval, "Permit")
    local counts = assert(chain:step())
    assert.equal(1, counts.permitted)
    assert.equal(0, assert(chain:step()).permitted)
    local state = sandbox:request(id)
    assert.equal(4, state.statusId)
    assert.equal(1, state.writes.permit)
    local history = assert(chain:history(id))
    for _, entry in ipairs(history) do
      assert.equal(id, entry.request_id)
      assert.equal(approval, entry.approval_id)
    end
    assert.equal("permitted", history[#history].outcome)
    assert.is_true(#assert(chain:history()) >= #history)
    assert.equal("[]", threatlocker.json_encode(assert(chain:history(helper.request_id(1001)))))
  end)

  it("rejects where the answer is Reject", function()
    local chain = open()
    answer(ask(), "Reject")
    assert.equal(1, assert(chain:step()).rejected)
    assert.equal(1, sandbox:request(id).writes.reject)
    local sent = sandbox:calls "UpdateForReject"
    assert.equal(1, #sent)
    assert.truthy(sent[1].body:find("Decided by analyst in SOAR prompt", 1, true), sent[1].body)
  end)

  it("counts everything that a step reaches", function()
    local counts = assert(open():step())
    for _, name in ipairs { "watched", "answered", "sending", "permitted", "rejected", "ignored", "left", "refused",
                            "unknown" } do
      assert.equal(0, counts[name])
    end
  end)

  it("keeps to its limits", function()
    answer(ask(new_application "organization"), "Permit")
    local chain = open()
    assert.equal(0, assert(chain:step()).permitted)
    assert.equal(0, sandbox:request(id).writes.permit)
    assert.truthy(last_message(chain):find("above the limit max_scope", 1, true), last_message(chain))
  end)

  it("goes as far as its limits", function()
    answer(ask(new_application "organization"), "Permit")
    local counts = assert(open { limits = { max_scope = "organization" } }:step())
    assert.equal(1, counts.permitted)
  end)

  it("tells its events after the step, one JSON object a line", function()
    local lines = {}
    local chain = open { event = function(line) lines[#lines + 1] = line end }
    answer(ask(), "Permit")
    assert(chain:step())
    assert.is_true(#lines > 0)
    for _, line in ipairs(lines) do
      assert.is_table(json.decode(line))
    end
  end)

  it("tells events that nobody took before, with the ids that they keep", function()
    local told = {}
    local chain = open()
    answer(ask(), "Permit")
    assert(chain:step())
    local history = assert(chain:history(id))
    chain:close()
    local function event(line) told[#told + 1] = json.decode(line) end
    open({ event = event }):close()
    assert.equal(#history, #told)
    for at, line in ipairs(history) do
      assert.equal(line.state, told[at].state)
      assert.truthy(told[at].event:find("^%x+%-%x+%-%x+%-%x+%-%x+:" .. line.id .. "$"), told[at].event)
    end
    open({ event = event }):close()
    assert.equal(#history, #told)
  end)

  describe("with a decide function", function()
    it("shows it the prompt, the request, its details and the matches", function()
      local seen
      local chain = open { decide = function(...)
        seen = { ... }
        return true
      end }
      answer(ask(), "Permit")
      assert.equal(1, assert(chain:step()).permitted)
      assert.is_table(seen[1])
      assert.equal(id, seen[2].approvalRequestId)
      assert.equal(id, seen[3].approvalRequest.approvalRequestId)
      assert.is_table(seen[4])
      assert.equal("threatlocker.array", getmetatable(seen[4]).__name)
    end)

    it("lets it decline with a reason", function()
      local chain = open { decide = function() return nil, "not during the audit" end }
      answer(ask(), "Permit")
      assert.equal(1, assert(chain:step()).left)
      assert.equal(0, sandbox:request(id).writes.permit)
      assert.truthy(last_message(chain):find("not during the audit", 1, true))
    end)

    local broken = {
      ["an error"] = function() error "the list could not be read" end,
      ["an error object"] = function() error {} end,
      ["a yield"] = function() coroutine.yield() end,
      ["a value that is none"] = function() return 5 end,
      ["a choice that is no JSON"] = function() return { name = print } end,
    }
    for name, decide in pairs(broken) do
      it("leaves the prompt to a person after " .. name, function()
        local chain = open { decide = decide }
        answer(ask(), "Permit")
        local counts
        local thread = coroutine.wrap(function() counts = assert(chain:step()) end)
        thread()
        assert.equal(1, counts.left)
        assert.truthy(last_message(chain):find("error in the decide function", 1, true), last_message(chain))
        assert.equal(0, sandbox:request(id).writes.permit)
      end)
    end

    it("lets it narrow the choice", function()
      local chain = open {
        limits = { max_scope = "organization" },
        decide = function()
          return new_application "computer"
        end,
      }
      answer(ask(new_application "organization"), "Permit")
      assert.equal(1, assert(chain:step()).permitted)
      local body = sandbox:calls("ApprovalRequestPermitApplication")[1].body
      assert.falsy((type(body) == "string" and body or json.encode(body)):find '"toEntireOrganization":true')
    end)

    it("does not let it close what the step uses", function()
      local refused = {}
      local chain
      chain = open { decide = function()
        for name, close in pairs { chain = chain.close, step = chain.step, history = chain.history } do
          refused[name] = not pcall(close, chain)
        end
        refused.client = not pcall(client.close, client)
        refused.soar = not pcall(soar.close, soar)
        return assert(client:request(chains.row)) ~= nil
      end }
      answer(ask(), "Permit")
      assert.equal(1, assert(chain:step()).permitted)
      assert.same({ chain = true, step = true, history = true, client = true, soar = true }, refused)
    end)
  end)

  describe("that runs", function()
    local sleep, pauses

    before_each(function()
      sleep, pauses = core.sleep, {}
      core.sleep = function(seconds)
        pauses[#pauses + 1] = seconds
        assert(#pauses < 50, "the run does not end")
        return true
      end
    end)

    after_each(function()
      core.sleep = sleep
    end)

    it("pauses longer and longer while nothing moves, and shortly again when something did", function()
      local chain = open()
      local approval = ask()
      local steps = 0
      assert.is_true(chain:run(function(counts, failure)
        steps = steps + 1
        assert.is_nil(failure)
        if steps == 7 then
          answer(approval, "Permit")
        end
        return steps > 8 and counts.permitted == 0
      end))
      assert.same({ 1, 2, 4, 8, 16, 30, 30, 1 }, pauses)
      assert.equal(1, sandbox:request(id).writes.permit)
    end)

    it("hands errors that may pass to on_step, with what was done before", function()
      local chain = open { soar = sandbox:soar_client { retries = 0 } }
      sandbox:fault { match = "/rest/approval", kind = "status", status = 503, times = 1 }
      local seen = {}
      assert.is_true(chain:run(function(counts, failure)
        seen[#seen + 1] = failure and failure.code or "fine"
        assert.equal(0, counts.permitted)
        return #seen == 2
      end))
      assert.same({ "server", "fine" }, seen)
    end)

    it("ends with an error that trying again does not mend", function()
      local chain = open()
      sandbox:switch { soar_token = "revoked" }
      local value, message, code, failure = chain:run()
      assert.is_nil(value)
      assert.is_string(message)
      assert.equal("token", code)
      assert.equal(0, failure.counts.permitted)
    end)

    it("raises for an on_step that cannot be called", function()
      assert.has_error(function() open():run(5) end, "options must be a table, or a function, not a number")
    end)
  end)

  it("fails with config for a ledger that is none", function()
    local file <close> = helper.file(("This is no ledger, and longer than SQLite's header. "):rep(9))
    local value, _, code = threatlocker.chain { name = "test", client = client, soar = soar, ledger = file.path }
    assert.is_nil(value)
    assert.equal("config", code)
  end)

  it("raises misuse", function()
    local function try(options, message)
      local good, raised = pcall(threatlocker.chain, all:options(options))
      assert.is_false(good)
      assert.truthy(raised:find(message, 1, true), raised)
    end
    assert.has_error(function() threatlocker.chain() end)
    try({ client = soar }, "option 'client' must be a threatlocker.client")
    try({ client = {} }, "option 'client' must be a threatlocker.client")
    try({ soar = client }, "option 'soar' must be a threatlocker.soar")
    try({ limit = {} }, "unknown option 'limit' (did you mean 'limits'?)")
    try({ limits = { max_scop = "group" } }, "unknown option 'max_scop' (did you mean 'max_scope'?)")
    try({ limits = { max_scope = "everything" } }, "must be one of: computer, group, organization")
    try({ limits = { allow_modes = { "all" } } }, "must be one of: installation, learning, monitor")
    try({ limits = { allow_modes = { learning = true } } }, "must be a list of mode names")
    try({ limits = { allow_modes = { "learning\0" } } }, "must be a list of mode names")
    try({ limits = { max_expiry = 0 } }, "option 'max_expiry' must be from 1")
    try({ decide = "yes" }, "option 'decide' must be a function, not a string")
    local other = sandbox:client()
    other:close()
    try({ client = other }, "attempt to use a closed threatlocker.client")
  end)
end)
