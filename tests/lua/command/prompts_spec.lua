--- Prompts at a shell: `threatlocker prompts` and `threatlocker prompt`.
local chains = require "tests.lua.chains"
local command = require "tests.lua.command"
local helper = require "tests.lua.helper"
local json = require "dkjson"
local text = require "threatlocker.command.text"
local threatlocker = require "threatlocker"

local has = command.has
local hash <const> = helper.printer_hash

describe("threatlocker prompts", function()
  local all

  before_each(function() all = chains.start() end)
  after_each(function() all:stop() end)

  local function run(arguments, more)
    return command.run(arguments, all.sandbox:environment(more))
  end

  local function ask(prompt)
    return all.sandbox:call("POST", "prompt", prompt or {
      approvalRequestId = chains.id, playbook = "local/threatlocker_approval", name = "ask_approver",
      message = "May it run?\nSay so.",
    }).approval
  end

  it("shows a prompt's lines as they stand, but for what could steer or hide", function()
    local text_with_signs <const> = "Facts:\n  file: x\27[2J\u{200B}\nend"
    local approval = all.sandbox:call("POST", "prompt", { message = text_with_signs }).approval
    for _, columns in ipairs { "", "80" } do
      local code, out, err = run({ "prompts", tostring(approval) }, { COLUMNS = columns })
      assert.equal(0, code, err)
      has(out, "Facts:\n  file: x [2J\u{FFFD}\nend\n")
    end
  end)

  it("lists what is pending, whose it is, and where", function()
    local id = ask()
    all:answer(ask(), "Permit")
    for _, width in ipairs { 80, 200 } do
      local code, out, err = run({ "prompts" }, { COLUMNS = tostring(width) })
      assert.equal(0, code, err)
      for line in out:gmatch "[^\n]+" do
        assert.is_true(text.cells(line) <= width, line)
      end
      has(out, "ThreatLocker approval request (42)")
      assert.falsy(out:find "approved")
    end
    local _, out = run { "prompts" }
    assert.truthy(out:find(id .. " +pending +%d+%-%d+%-%d+ %d+:%d+Z +ask_approver +prompt +"
      .. "local/threatlocker_approval +ThreatLocker approval request %(42%)\n"), out)
    assert.truthy(out:find "\n2 +pending .* task_1 +task +Suspicious address %(31%)\n", out)
  end)

  for _, case in ipairs {
    { { "--all" }, { pending = 2, approved = 1 } }, { { "--status", "approved" }, { approved = 1 } },
    { {}, { pending = 2 } }, { { "--status", "denied" }, {} },
  } do
    it("are those of the status named: " .. table.concat(case[1], " "), function()
      ask()
      all:answer(ask(), "Permit")
      local code, out = run { "prompts", "--json", table.unpack(case[1]) }
      local counts = {}
      for line in out:gmatch "[^\n]+" do
        local status = json.decode(line).status
        counts[status] = (counts[status] or 0) + 1
      end
      assert.equal(0, code)
      assert.same(case[2], counts)
    end)
  end

  it("are as JSON what SOAR sent, in one call", function()
    ask()
    local soar = all.sandbox:soar_client { null = threatlocker.null }
    local lines = {}
    for at, record in ipairs(soar:approvals { type = "manual", status = "pending" }) do
      lines[at] = threatlocker.json_encode(record) .. "\n"
    end
    all.sandbox:forget()
    local _, out = run { "prompts", "--json" }
    assert.equal(table.concat(lines), out)
    assert.equal(1, #all.sandbox:calls "")
  end)

  it("cost a call each only for the columns that need it", function()
    ask()
    all.sandbox:forget()
    assert.equal(0, (run { "prompts", "--columns", "prompt,status,name,due,started,closed" }))
    assert.equal(1, #all.sandbox:calls "")
    local _, out = run { "prompts", "--columns", "prompt,message" }
    assert.truthy(out:find "\n11 +May it run%?\n", out)
    assert.equal(4, #all.sandbox:calls "")
  end)

  it("that are gone by the time of their own call are listed without it", function()
    ask()
    all.sandbox:fault { match = "/rest/approval/11/detail", kind = "status", status = 404 }
    local code, out = run { "prompts" }
    assert.equal(0, code)
    assert.truthy(out:find "\n11 +pending .* ask_approver\n", out)
  end)

  it("fail as a whole where SOAR fails", function()
    ask()
    all.sandbox:fault { match = "detail_summary_view", kind = "status", status = 403, times = -1 }
    local code, out, err = run { "prompts" }
    assert.equal(1, code)
    assert.equal("", out)
    has(err, "(forbidden)")
  end)

  it("are shown one by one: the text, the answer, and how it reads", function()
    local id = ask()
    local code, out = run { "prompts", tostring(id) }
    assert.equal(0, code)
    for _, part in ipairs { "Prompt     11\n", "Status     pending", "local/threatlocker_approval",
                            "Read as    wait: the prompt is open\n", "\n\nMay it run?\nSay so.\n" } do
      has(out, part)
    end
    all:answer(id, "Reject", "anna")
    out = select(2, run { "prompts", tostring(id) })
    for _, part in ipairs { "Answer       Reject; Known tool\n", "Answered by  anna\n", "Read as      reject: " } do
      has(out, part)
    end
    local shown = json.decode((select(2, run { "prompts", tostring(id), "--json" })))
    assert.equal(id, shown.approval.id)
    assert.equal("reject", shown.answer.reading)
    assert.equal("ask_approver", shown.summary.action_name)
    assert.equal("May it run?\nSay so.", shown.message)
    assert.equal("list", shown.response_types[1].options.type)
  end)

  it("of people outside do not give away the link that answers", function()
    local prompt = { approvalRequestId = chains.id, message = "?", external = true }
    local made = all.sandbox:call("POST", "prompt", prompt)
    for _, arguments in ipairs { { "prompts", "11" }, { "prompts", "11", "--json" }, { "prompts", "--json" } } do
      local code, out, err = run(arguments)
      assert.equal(0, code)
      assert.falsy((out .. err):find(made.token, 1, true))
    end
  end)

  it("never steer a terminal", function()
    local nasty <const> = "evil\27[2J\u{202E}txt\7"
    ask { approvalRequestId = chains.id, playbook = "local/" .. nasty, name = nasty, container_name = nasty,
          message = nasty .. "\r\nnext\rStatus approved" }
    for _, arguments in ipairs { { "prompts" }, { "prompts", "11" }, { "prompts", "--columns", "message,name" } } do
      local code, out = run(arguments)
      assert.equal(0, code)
      has(out, "evil")
      assert.falsy(out:find "[\0-\9\11-\31\127]", out)
      assert.falsy(out:find("\u{202E}", 1, true), out)
    end
  end)

  for _, case in ipairs {
    { { "prompts", "99" }, 1, "(not_found)" }, { { "prompts", "x" }, 2, "ID must be a prompt's number" },
    { { "prompts", "0" }, 2, "ID must be" }, { { "prompts", "-5" }, 2, "there is no option '-5'" },
    { { "prompts", "99999999999999999999" }, 2, "ID must be" },
    { { "prompts", "11", "--all" }, 2, "not with one prompt" },
    { { "prompts", "--all", "--status", "denied" }, 2, "--status and --all exclude each other" },
    { { "prompts", "--columns", "playbok" }, 2, "did you mean playbook?" },
  } do
    it("fails: " .. table.concat(case[1], " "), function()
      local code, out, err = run(case[1])
      assert.equal(case[2], code, err)
      assert.equal("", out)
      has(err, case[3])
    end)
  end

  it("need SOAR's credentials, which are never shown", function()
    local code, _, err = command.run { "prompts" }
    assert.equal(1, code)
    has(err, "SOAR_URL")
    all.sandbox:switch { soar_token = "revoked" }
    local out
    code, out, err = run { "prompts", "-v" }
    assert.equal(1, code)
    has(err, "(token)")
    assert.falsy((out .. err):find(all.sandbox.soar_token, 1, true))
  end)
end)

describe("threatlocker prompt", function()
  local all

  before_each(function() all = chains.start() end)
  after_each(function() all:stop() end)

  local function prompt(...)
    return command.run({ "prompt", chains.id, ... }, all.sandbox:environment())
  end

  local function choices_file(list)
    return helper.file(json.encode(list))
  end

  local only_here <const> = { application = "new", name = "Label printer", rules = { { hash = hash } } }

  it("prints a text that the chain it is sealed for acts on", function()
    local code, out, err = prompt("--executor", "chain:test", "--new", "Label printer", "--hash", "this", "--ticket",
      "INC-1")
    assert.equal(0, code, err)
    assert.equal("", err)
    has(out, "If permitted, a new application: Label printer\nRule, hash: " .. hash)
    has(out, "Ticket: INC-1")
    assert.truthy(out:find "\nthreatlocker%-seal:1:%S+\n$")
    all:answer(all:show { message = out, choices = { "Permit", "Reject" } }, "Permit")
    assert.equal(1, assert(all:open():step()).permitted)
    assert.equal(1, all:writes().permit)
  end)

  it("gives all that a playbook needs as JSON", function()
    local code, out = prompt("--executor", "playbook", "--new", "Label printer", "--hash", hash, "--json")
    local prepared = assert(json.decode(out))
    assert.equal(0, code)
    assert.same({ "Permit", "Reject", "Ignore" }, { table.unpack(prepared.choices) })
    assert.equal("playbook", prepared.executor)
    assert.equal(chains.id, prepared.request_id)
    assert.equal(helper.bakery, prepared.organization_id)
    assert.equal(all.client:prepare_prompt(chains.row, { executor = "playbook", choice = only_here }).facts,
      prepared.facts)
  end)

  it("takes labelled choices from a file, and other words", function()
    local file <close> = choices_file {
      { label = "Only here", choice = only_here },
      { label = "Everywhere", choice = { application = "new", name = "x", scope = "organization",
                                         rules = { { hash = hash } } } },
    }
    local code, out, err = prompt("--executor", "chain:test", "--choices", file.path, "--reject-word", "Nein",
      "--ignore-word", "Egal", "--json")
    assert.equal(0, code, err)
    local prepared = json.decode(out)
    assert.same({ "Only here", "Everywhere", "Nein", "Egal" }, { table.unpack(prepared.choices) })
    all:answer(all:show(prepared), "only here")
    local chain = all:open { words = { reject = { "Nein" }, ignore = { "Egal" } } }
    assert.equal(1, assert(chain:step()).permitted)
  end)

  it("changes nothing", function()
    prompt("--executor", "playbook", "--new", "Label printer", "--hash", "this")
    for kind, count in pairs(all:writes()) do
      assert.equal(0, count, kind)
    end
  end)

  for _, case in ipairs {
    { { "--new", "x", "--hash", "this" }, 2, "--executor is missing" },
    { { "--executor", "playbook" }, 2, "exactly one of --matching, --existing and --new" },
    { { "--executor", "nobody", "--new", "x", "--hash", "this" }, 1, "executor must be" },
    { { "--executor", "playbook", "--new", "x" }, 1, "rules are missing" },
    { { "--executor", "playbook", "--matching", helper.application_id(101) }, 1, "is not among the 0 applications" },
    { { "--executor", "playbook", "--choices", "x", "--allow-builtin" }, 2, "--choices and --allow-builtin exclude" },
    { { "--executor", "playbook", "--choices", "x", "--created-by", "y" }, 2, "--choices and --created-by exclude" },
    { { "--executor", "playbook", "--choices", "/nonexistent" }, 1, "/nonexistent: No such file" },
    { { "--executor", "playbook", "--choices", "/" }, 1, "/: Is a directory (config)" },
    { { "--executor", "playbook", "--new", "x", "--all-paths" }, 2, "there is no option '--all-paths'" },
    { { "--executor", "playbook", "--new", "x", "--hash", "this", "--permit-word", "Reject" }, 1, "but means reject" },
  } do
    it("fails: " .. table.concat(case[1], " "), function()
      local code, out, err = prompt(table.unpack(case[1]))
      assert.equal(case[2], code, err)
      assert.equal("", out)
      has(err, case[3])
    end)
  end

  for content, message in pairs {
    [""] = "Refused as JSON", ["[{]"] = "Refused as JSON", ["{}"] = "no list of choices", ["[]"] = "no list of choices",
    ["null"] = "no list of choices", ["7"] = "no list of choices", ["[7]"] = "object of label and choice",
    ['[{"label":"x"}]'] = "choice", ['[{"label":7,"choice":{}}]'] = "label of choice 1 must be a text",
    ['[{"label":"x","choice":{"aplication":"new"}}]'] = "unknown member: aplication",
  } do
    it("fails with choices such as " .. content, function()
      local file <close> = helper.file(content)
      local code, out, err = prompt("--executor", "playbook", "--choices", file.path)
      assert.equal(1, code, err)
      assert.equal("", out)
      has(err, message)
      has(err, "(invalid)")
    end)
  end

  it("refuses a storage request, which is no application", function()
    local code, _, err = command.run({ "prompt", helper.request_id(1006), "--executor", "playbook", "--new", "x",
                                       "--hash", hash }, all.sandbox:environment())
    assert.equal(1, code)
    has(err, "this is a storage request")
  end)
end)
