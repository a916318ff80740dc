local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

local id = helper.request_id(1003)
local row = { approvalRequestId = id, organizationId = helper.bakery }
local hash = "24788d1b48b8519db032e6a484879c6eb13035270fc45764f1fd80ce9ac7fc00"

local function new_application()
  return { application = "new", name = "Label printer", scope = "computer", rules = { { hash = hash } },
           ticket = "INC-1042" }
end

describe("a permit", function()
  local sandbox, client

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client()
  end)

  after_each(function()
    sandbox:stop()
  end)

  it("is applied once and verified", function()
    local outcome = assert(client:permit(row, new_application()))
    assert.equal("permitted", outcome.outcome)
    assert.is_true(outcome.verified)
    assert.equal("yes", outcome.applied)
    assert.equal(4, outcome.status_id)
    assert.equal(id, outcome.request_id)
    local state = sandbox:request(id)
    assert.equal(4, state.statusId)
    assert.equal(1, state.writes.permit)
  end)

  it("takes its organization from the choice or the options, but not from both", function()
    local choice = new_application()
    choice.dry_run = true
    assert.equal("preview", assert(client:permit(id, choice, { organization_id = helper.bakery })).outcome)
    choice.organization_id = helper.bakery
    assert.equal("preview", assert(client:permit(id, choice)).outcome)
    assert.equal(helper.bakery, choice.organization_id)
    assert.has_error(function() client:permit(id, choice, { organization_id = helper.bakery }) end)
  end)

  it("as a dry run sends nothing and shows the body", function()
    local choice = new_application()
    choice.dry_run = true
    local outcome = assert(client:permit(row, choice))
    assert.equal("preview", outcome.outcome)
    assert.is_not_nil(outcome.body)
    assert.equal(0, #sandbox:calls "ApprovalRequestPermitApplication")
    assert.equal(0, sandbox:request(id).writes.permit)
  end)

  it("whose reply is lost is settled by reading back, and not sent again", function()
    sandbox:fault { match = "ApprovalRequestPermitApplication", kind = "drop_after_apply" }
    local outcome = assert(client:permit(row, new_application()))
    assert.equal("permitted", outcome.outcome)
    assert.is_true(outcome.verified)
    assert.equal(1, sandbox:request(id).writes.permit)
    assert.equal(1, #sandbox:calls "ApprovalRequestPermitApplication")
  end)

  it("that got lost on its way is not called permitted, and not sent again", function()
    sandbox:fault { match = "ApprovalRequestPermitApplication", kind = "drop_before_apply" }
    local outcome = assert(client:permit(row, new_application()))
    assert.not_equal("permitted", outcome.outcome)
    assert.is_false(outcome.verified)
    assert.equal(0, sandbox:request(id).writes.permit)
    assert.equal(1, #sandbox:calls "ApprovalRequestPermitApplication")
  end)

  it("of an actioned request changes nothing", function()
    local actioned = { approvalRequestId = helper.request_id(1009), organizationId = helper.dental }
    local outcome = assert(client:permit(actioned, new_application()))
    assert.equal("already_actioned", outcome.outcome)
    assert.equal(0, #sandbox:calls "ApprovalRequestPermitApplication")
  end)

  it("that cannot be is refused before sending, with the reason", function()
    local outcome, message = client:permit(row, { application = "new" })
    assert.truthy(outcome == nil or outcome.outcome == "refused")
    assert.is_string(outcome and outcome.message or message)
    assert.equal(0, #sandbox:calls "ApprovalRequestPermitApplication")
  end)

  it("with an unknown member is refused", function()
    local choice = new_application()
    choice.scop = "computer"
    local outcome, message = client:permit(row, choice)
    assert.truthy(outcome == nil or outcome.outcome == "refused")
    assert.truthy((outcome and outcome.message or message):find("scop", 1, true))
    assert.equal(0, #sandbox:calls "ApprovalRequestPermitApplication")
  end)

  it("raises, naming the place, for a choice that is no JSON", function()
    local good, message = pcall(client.permit, client, row, { application = "new", rules = { { hash = print } } })
    assert.is_false(good)
    assert.truthy(message:find("choice.rules[1].hash: a function", 1, true), message)
    assert.has_error(function() client:permit(row) end)
    assert.has_error(function() client:permit(row, "new") end)
    assert.has_error(function() client:permit(row, { "new" }) end)
    assert.has_error(function() client:permit(row, { application = "new", organization_id = 5 }) end)
  end)
end)

describe("a rejection", function()
  local sandbox, client

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client()
  end)

  after_each(function()
    sandbox:stop()
  end)

  it("is applied once and verified", function()
    local outcome = assert(client:reject(row, { reason = "Not a business tool.", subject = "Your request" }))
    assert.equal("rejected", outcome.outcome)
    assert.is_true(outcome.verified)
    assert.equal(1, sandbox:request(id).writes.reject)
    assert.truthy(threatlocker.json_encode(sandbox:calls "UpdateForReject"):find("Not a business tool.", 1, true))
  end)

  it("needs no reason", function()
    assert.equal("rejected", assert(client:reject(id, nil, { organization_id = helper.bakery })).outcome)
  end)

  it("may be an ignore", function()
    assert.equal("ignored", assert(client:ignore(row)).outcome)
    assert.equal(1, sandbox:request(id).writes.ignore)
  end)
end)

describe("a prepared prompt", function()
  local sandbox, client

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client()
  end)

  after_each(function()
    sandbox:stop()
  end)

  it("ends in its seal and offers the answers", function()
    local prepared = assert(client:prepare_prompt(row, { executor = "chain:test", choice = new_application() }))
    assert.equal(id, prepared.request_id)
    assert.equal("chain:test", prepared.executor)
    assert.same({ "Permit", "Reject", "Ignore" }, { table.unpack(prepared.choices) })
    assert.truthy(prepared.message:find("LabelPrinterSetup.exe", 1, true))
    local last = prepared.message:match "([^\n]+)\n?$"
    assert.truthy(#last > 60 and not last:find " .* .* .* .* .* ", last)
    assert.falsy(prepared.message:find(sandbox.token, 1, true))
  end)

  it("writes nothing", function()
    assert(client:prepare_prompt(row, { executor = "playbook", choice = new_application() }))
    assert.equal(0, sandbox:request(id).writes.permit)
  end)

  it("is refused for a choice that could not be permitted, and without an executor", function()
    assert.is_nil((client:prepare_prompt(row, { executor = "playbook", choice = { application = "new" } })))
    assert.is_nil((client:prepare_prompt(row, { choice = new_application() })))
    assert.is_nil((client:prepare_prompt(row, { executor = "chain:", choice = new_application() })))
  end)
end)
