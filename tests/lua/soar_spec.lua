local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

describe("soar", function()
  local sandbox, soar

  before_each(function()
    sandbox = helper.start()
    soar = sandbox:soar_client { retries = 0 }
  end)

  after_each(function()
    sandbox:stop()
  end)

  local function prompt(answer)
    local approval = sandbox:call("POST", "prompt", { approvalRequestId = helper.request_id(1003) }).approval
    if answer then
      answer.approval = approval
      sandbox:call("POST", "answer", answer)
    end
    return approval
  end

  it("lists approvals, oldest first", function()
    local id = prompt()
    local records = assert(soar:approvals())
    assert.is_true(#records >= 4)
    for i = 2, #records do
      assert.is_true(records[i - 1].id < records[i].id)
    end
    assert.equal(id, records[#records].id)
    assert.equal("integer", math.type(records[1].id))
  end)

  it("lists by status, type and first id", function()
    local id = prompt()
    local records = assert(soar:approvals { status = "pending", type = "manual", min_id = id })
    assert.equal(1, #records)
    assert.equal(id, records[1].id)
    prompt()
    assert.equal(1, #assert(soar:approvals { min_id = id + 1 }))
    assert.equal(0, #assert(soar:approvals { started_after = "2199-01-01T00:00:00Z" }))
  end)

  it("reads one record", function()
    local id = prompt()
    assert.equal(id, assert(soar:approval(id)).id)
    assert.equal("not_found", select(3, soar:approval(987654)))
  end)

  it("drops the secrets of a summary's asset", function()
    local summary = assert(soar:approval_summary(1))
    assert.equal("example_reputation", summary.asset.name)
    assert.is_nil(summary.asset.configuration)
    assert.is_nil(summary.asset.token)
    assert.falsy(threatlocker.json_encode(summary):find("EXAMPLE-NOT-A-REAL", 1, true))
  end)

  it("reads the answer of a prompt", function()
    local id = prompt { status = "approved", responses = { "Permit", "Known tool" }, by = "analyst" }
    local answer = assert(soar:prompt_answer(id))
    assert.equal("permit", answer.reading)
    assert.equal(id, answer.approval.id)
    assert.equal("Permit", answer.responses[1])
    assert.is_string(answer.reason)
  end)

  it("reads rejections, open prompts and odd answers for what they are", function()
    assert.equal("reject", assert(soar:prompt_answer(prompt { status = "approved", responses = { "Reject" } })).reading)
    assert.equal("wait", assert(soar:prompt_answer(prompt())).reading)
    assert.equal("undecided",
                 assert(soar:prompt_answer(prompt { status = "approved", responses = { "Perhaps" } })).reading)
  end)

  it("logs in with user and password, too", function()
    local with_password = assert(threatlocker.soar {
      url = sandbox.soar, user = sandbox.soar_user, password = sandbox.soar_password, proxy = "" })
    assert(with_password:approvals())
    with_password:close()
  end)

  it("fails without showing credentials", function()
    local stranger = sandbox:soar_client { token = "EXAMPLE-WRONG-TOKEN", retries = 0 }
    local value, message, code, failure = stranger:approvals()
    assert.is_nil(value)
    assert.equal("token", code)
    assert.falsy(helper.everything(value, message, code, failure):find("EXAMPLE-WRONG-TOKEN", 1, true))
  end)

  it("raises misuse", function()
    assert.has_error(function() soar:approval "1" end)
    assert.has_error(function() soar:approval(1.5) end)
    assert.has_error(function() soar:approvals { state = "x" } end, "unknown option 'state' (did you mean 'status'?)")
  end)
end)
