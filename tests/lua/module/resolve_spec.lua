local chains = require "tests.lua.chains"
local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

describe("resolve_prompt", function()
  local all

  before_each(function() all = chains.start() end)
  after_each(function() all:stop() end)

  local function ask(prompt)
    prompt = prompt or { choice = chains.new_application() }
    prompt.executor = "playbook"
    return all:ask(prompt)
  end

  it("turns an answer into one verified permit, however often it is called", function()
    local approval = ask()
    assert.equal("waiting", assert(all.client:resolve_prompt(all.soar, approval)).outcome)
    all:answer(approval, "Permit")
    for _ = 1, 2 do
      local outcome = assert(all.client:resolve_prompt(all.soar, approval, { request_id = chains.id }))
      assert.equal("permitted", outcome.outcome)
      assert.is_true(outcome.verified)
      assert.equal(approval, outcome.approval_id)
      assert.equal("permit", outcome.answer)
      assert.equal("analyst", outcome.answered_by)
      assert.equal(chains.id, outcome.request_id)
    end
    assert.equal(1, all:writes().permit)
  end)

  it("keeps to its limits, and goes as far as they go", function()
    local approval = ask { choice = chains.new_application "organization" }
    all:answer(approval, "Permit")
    local outcome = assert(all.client:resolve_prompt(all.soar, approval))
    assert.equal("left", outcome.outcome)
    assert.truthy(outcome.message:find("max_scope", 1, true), outcome.message)
    assert.equal(0, all:writes().permit)
    assert.equal("permitted", assert(all.client:resolve_prompt(all.soar, approval, {
      limits = { max_scope = "organization" },
    })).outcome)
  end)

  it("knows words, labels, other executors and the wrong request", function()
    local words = { permit = { "Ja" }, reject = { "Nein" } }
    local approval = all:ask { words = words, executor = "chain:other",
                               choices = { { label = "As a tool", choice = chains.new_application() } } }
    all:answer(approval, "Nein")
    local function resolve(options) return assert(all.client:resolve_prompt(all.soar, approval, options)) end
    assert.equal("left", resolve { words = words }.outcome)
    assert.equal("left", resolve { executor = "chain:other" }.outcome)
    local wrong = resolve { words = words, executor = "chain:other", request_id = helper.request_id(1001) }
    assert.equal("left", wrong.outcome)
    assert.equal("rejected", resolve { words = words, executor = "chain:other", max_answer_age = 60 }.outcome)
    assert.equal(1, all:writes().reject)
  end)

  it("does not let those who ask decide where that is forbidden", function()
    local approval = ask()
    all:answer(approval, "Permit", assert(all.client:request(chains.row)).username:match "[^\\]+$")
    local outcome = assert(all.client:resolve_prompt(all.soar, approval, { answerer_not_requester = true }))
    assert.equal("left", outcome.outcome)
    assert.equal(0, all:writes().permit)
  end)

  it("fails where a service cannot be asked, and hands over both logs", function()
    local lines = { client = 0, soar = 0 }
    local client = all.sandbox:client { log = function() lines.client = lines.client + 1 end }
    local soar = all.sandbox:soar_client { retries = 0, log = function() lines.soar = lines.soar + 1 end }
    local approval = ask()
    all:answer(approval, "Ignore")
    all.sandbox:fault { match = "/rest/approval", kind = "status", status = 503, times = 1 }
    assert.equal("server", select(3, client:resolve_prompt(soar, approval)))
    assert.equal("ignored", assert(client:resolve_prompt(soar, approval)).outcome)
    assert.is_true(lines.client > 0 and lines.soar > 0)
  end)

  it("gives invalid and config for values that the core refuses", function()
    assert.equal("invalid", select(3, all.client:resolve_prompt(all.soar, 0)))
    assert.equal("invalid", select(3, all.client:resolve_prompt(all.soar, 11, { executor = "somebody" })))
    assert.equal("config", select(3, all.client:resolve_prompt(all.soar, 11, { words = { permit = { "Deny" } } })))
    assert.equal("invalid", select(3, all.client:resolve_prompt(all.soar, 11, { max_answer_age = 1e12 })))
  end)

  it("raises misuse", function()
    local client, soar = all.client, all.soar
    local raises = helper.raises
    raises("threatlocker.soar expected", client.resolve_prompt, client, client, 11)
    raises("threatlocker.soar expected", client.resolve_prompt, client, nil, 11)
    raises("number expected", client.resolve_prompt, client, soar, "11")
    raises("no integer representation", client.resolve_prompt, client, soar, 1.5)
    raises("unknown option 'limit'", client.resolve_prompt, client, soar, 11, { limit = {} })
    raises("must be one of: computer", client.resolve_prompt, client, soar, 11, { limits = { max_scope = "x" } })
    raises("option 'request_id' must be a string", client.resolve_prompt, client, soar, 11, { request_id = 5 })
    soar:close()
    raises("closed threatlocker.soar", client.resolve_prompt, client, soar, 11)
    assert.is_nil(threatlocker.resolve_prompt)
  end)
end)
