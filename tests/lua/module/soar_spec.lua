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

  it("gives the newest pending record and how many there are in one request", function()
    prompt()
    local newest = prompt()
    sandbox:call("DELETE", "calls")
    local records, count = assert(soar:approvals { status = "pending", descending = true, limit = 1 })
    assert.equal(1, #records)
    assert.equal(newest, records[1].id)
    assert.equal(5, count)
    assert.equal(1, #sandbox:call("GET", "calls?match=/rest/approval"))
  end)

  it("lists what is no longer pending, by close time and container", function()
    local open = prompt()
    local closed = prompt { status = "approved", responses = { "Permit" } }
    local records = assert(soar:approvals { not_pending = true, closed_after = "2020-01-01T00:00:00Z" })
    assert.equal(1, #records)
    assert.equal(closed, records[1].id)
    local container = assert(soar:approval_summary(open)).container_id
    assert.equal(open, assert(soar:approvals { container_id = container })[1].id)
    assert.equal(open, assert(soar:container_approvals(container))[1].id)
    assert.equal("invalid", select(3, soar:approvals { closed_after = "yesterday" }))
    assert.has_error(function() soar:approvals { limit = 0 } end)
    assert.has_error(function() soar:approvals { limit = 1001 } end)
  end)

  it("reads block results, with an id and without", function()
    local id = prompt()
    local of_one = assert(soar:approval(id, { block_results = true }))
    assert.equal("pending", of_one["ask_approver:action_result.status"])
    assert.same(of_one, assert(soar:block_results(id)))
    assert.is_table(assert(soar:block_results()))
    assert.has_error(function() soar:approval(0, { block_results = true }) end)
  end)

  it("says that approvals cannot be created", function()
    local value, message, code = soar:create_approval { name = "x" }
    assert.is_nil(value)
    assert.equal("not_found", code)
    assert.equal("SOAR does not allow creating approvals by REST (HTTP 405)", message)
  end)

  it("reads the runs of a prompt", function()
    local record = assert(soar:approval(prompt { status = "approved", responses = { "Permit" } }))
    assert.equal("success", assert(soar:action_run(record.action_run)).status)
    local runs = assert(soar:app_runs(record.action_run))
    assert.equal(1, #runs)
    assert.is_nil(runs[1].result_data)
    assert.equal("Permit", assert(soar:app_run(runs[1].id)).result_data[1].summary.responses[1])
    assert.equal("success", assert(soar:playbook_run(record.playbook_run)).status)
  end)

  it("makes a container once", function()
    local identifier = 'threatlocker-claim:"1003"\\&_filter_label="x"'
    local body = { name = "Claim", label = "threatlocker", source_data_identifier = identifier,
                   data = { who = "night-shift" } }
    local made = assert(soar:create_container(body))
    assert.is_true(made.created)
    local again = assert(soar:create_container(body))
    assert.same({ id = made.id, created = false }, again)
    local found = assert(soar:containers {
      source_data_identifier = identifier, label = "threatlocker", name = "Claim" })
    assert.equal(1, #found)
    assert.equal(made.id, found[1].id)
    assert.equal("night-shift", assert(soar:container(made.id)).data.who)
    assert.equal(made.id, assert(soar:containers { descending = true, limit = 1 })[1].id)
    assert.equal("invalid", select(3, soar:create_container { name = "x" }))
    assert.has_error(function() soar:create_container { "x" } end)
    assert.has_error(function() soar:create_container() end)
  end)

  it("adds notes", function()
    local container = assert(soar:create_container { name = "x", label = "events" }).id
    local note = assert(soar:add_note(container, "Permitted", "by **night-shift**"))
    assert.equal("integer", math.type(note))
    local notes = sandbox:call("GET", "state").notes
    assert.equal("by **night-shift**", notes[1].content)
    assert.equal("invalid", select(3, soar:add_note(container, "", "x")))
  end)

  it("queues playbooks", function()
    local container = assert(soar:create_container { name = "x", label = "events" }).id
    local run = assert(soar:run_playbook { container_id = container, playbook_id = "local/threatlocker_approval",
                                           inputs = { request = "x" } })
    assert.equal("integer", math.type(run))
    assert.equal("running", assert(soar:playbook_run(run)).status)
    assert.same({ request = "x" }, sandbox:call("GET", "state").playbook_runs[1].inputs)
    assert(soar:run_playbook({ container_id = container, playbook_id = 7, inputs = { request = "x" } },
                             { inputs_as_text = true }))
    assert.equal('{"request":"x"}', sandbox:call("GET", "state").playbook_runs[2].inputs)
    assert.equal("not_found", select(3, soar:run_playbook { container_id = container, playbook_id = 8 }))
    assert.equal("invalid", select(3, soar:run_playbook { container_id = container, playbook_id = "x" }))
  end)

  it("reads external prompts without showing their tokens", function()
    local token = sandbox:call("POST", "prompt", { external = true }).token
    local lines = {}
    local logging = sandbox:soar_client { retries = 0, log = function(line) lines[#lines + 1] = line end }
    assert.equal("pending", assert(logging:external_prompt(token)).status)
    local value, message, code, failure = logging:external_prompt(token .. "x/../y")
    assert.equal("not_found", code)
    local shown = helper.everything(value, message, code, failure) .. table.concat(lines, "\n")
    assert.falsy(shown:find(token, 1, true))
    assert.equal(2, #lines)
    assert.equal("invalid", select(3, soar:external_prompt ".."))
  end)

  it("tells SOAR's version", function()
    assert.equal("8.5.0.248", assert(soar:version()))
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
    helper.raises("unknown option 'state' (did you mean 'status'?); known: status, ", soar.approvals, soar,
                  { state = "x" })
  end)
end)
