local command = require "tests.lua.command"
local helper = require "tests.lua.helper"
local json = require "dkjson"
local outcome = require "threatlocker.command.outcome"
local terminal = require "tests.lua.terminal"
local threatlocker = require "threatlocker"

local has = command.has
local printer, outlet = helper.request_id(1003), helper.request_id(1018)
local updater, storage, escalated = helper.request_id(1001), helper.request_id(1006), helper.request_id(1012)
local hash = helper.printer_hash

describe("the command", function()
  local sandbox

  before_each(function() sandbox = helper.start() end)
  after_each(function() sandbox:stop() end)

  local function run(...)
    return command.run({ ... }, sandbox:environment())
  end

  local function writes(id)
    return sandbox:request(id).writes
  end

  local function permit_new(...)
    return run("permit", printer, "--new", "Label printer", "--hash", "this", ...)
  end

  it("permits once, and says which policy it made and where to undo it", function()
    local code, out, err = permit_new "--yes"
    assert.equal(0, code, err)
    assert.equal("", err)
    for _, part in ipairs { "Outcome      permitted", printer, "read back: status 4 by api.approver@example.com",
                            "\nPolicy ", "\nApplication ", "Application Control > Policies" } do
      has(out, part)
    end
    assert.equal(1, writes(printer).permit)
  end)

  it("gives the outcome as JSON", function()
    local code, out = permit_new("-y", "--json")
    local result = assert(json.decode(out))
    assert.equal(0, code)
    assert.equal("permitted", result.outcome)
    assert.is_true(result.verified)
    assert.is_string(result.policy_id)
  end)

  it("prints the body that would be sent, and sends nothing", function()
    local code, out = permit_new("--dry-run", "--scope", "group", "--ticket", "INC-1", "--path", "C:\\Tools\\*",
      "--cert", "CN=Example", "--expires", "2030-01-01T00:00:00Z", "--comments", "on the phone", "--notify",
      "--subject", "Done", "--reason", "Have fun")
    local body = assert(json.decode(out))
    assert.equal(0, code)
    assert.equal(0, writes(printer).permit)
    local options = body.policyConditions.manualOptions
    assert.equal(hash, options[1].hash)
    assert.equal("C:\\Tools\\* CN=Example", options[2].fullPath .. " " .. options[2].cert)
    assert.is_true(body.policyLevel.toComputerGroup)
    assert.equal("2030-01-01T00:00:00Z", body.policyExpirationDate)
    assert.equal("INC-1", body.adminNotes.ticket)
    has(body.adminNotes.comments, "on the phone")
    assert.equal("Done Have fun true", ("%s %s %s"):format(body.responseSubject, body.responseReason,
      body.notifyOnResponse))
    code, out = permit_new("--dry-run", "--json")
    assert.equal(0, code)
    assert.equal("preview", json.decode(out).outcome)
  end)

  it("counts the end of a permit from now", function()
    local before = os.time()
    local _, out = permit_new("--dry-run", "--expires", "8h")
    local ends = json.decode(out).policyExpirationDate
    assert.is_true(ends >= os.date("!%Y-%m-%dT%H:%M:%SZ", before + 8 * 3600))
    assert.is_true(ends <= os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + 8 * 3600))
  end)

  it("permits a storage request, to an existing policy or a new one", function()
    local code, out = run("permit", storage, "--new", "Scans", "--scope", "organization", "--all-paths", "--dry-run")
    local body = assert(json.decode(out))
    assert.equal(0, code)
    assert.equal("Scans", body.policyName)
    assert.is_true(body.allFilePaths)
    code = run("permit", storage, "--existing", helper.storage_policy, "--yes")
    assert.equal(0, code)
    assert.equal(1, writes(storage).storage)
  end)

  it("rejects and ignores several at once, owns and authorizes", function()
    assert.equal(0, (run("reject", printer, updater, "--reason", "no", "--yes")))
    assert.equal(1, writes(printer).reject)
    assert.equal(1, writes(updater).reject)
    assert.equal(0, (run("ignore", outlet, "--yes")))
    assert.equal(1, writes(outlet).ignore)
    assert.equal(0, (run("own", helper.request_id(1008), helper.request_id(1011), "--yes")))
    assert.equal(1, writes(helper.request_id(1011)).ownership)
    assert.equal(0, (run("authorize", escalated, "--message", "please", "--yes")))
    assert.equal(1, writes(escalated).authorize)
  end)

  local no_write = {
    { "refused", { "permit", updater, "--matching", helper.application_id(101), "--yes" }, 1,
      "for scope = organization only" },
    { "already actioned", { "permit", helper.request_id(1009), "--organization", helper.dental, "--new", "x", "--hash",
                           "this", "-y" }, 3, "already actioned" },
    { "one of several cannot be", { "reject", printer, helper.request_id(1010), "--organization", helper.bakery,
                                     "-y" }, 3, "already actioned" },
    { "unknown", { "own", helper.request_id(1099), "-y" }, 1, "for a closed one give --organization" },
    { "nobody can be asked", { "permit", printer, "--new", "x", "--hash", "this" }, 2, "give --yes, or --dry-run" },
    { "no application is chosen", { "permit", printer }, 2, "exactly one of --matching, --existing and --new" },
    { "two are chosen", { "permit", printer, "--new", "x", "--existing", updater }, 2, "exactly one of" },
    { "a group without its scope", { "permit", printer, "--new", "x", "--group", updater }, 2, "--scope group" },
    { "no such time", { "permit", printer, "--new", "x", "--expires", "tomorrow" }, 2, "--expires must be" },
    { "no such scope", { "permit", printer, "--new", "x", "--scope", "world" }, 2, "--scope must be one of" },
    { "storage options elsewhere", { "permit", printer, "--new", "x", "--all-paths", "-y" }, 2,
      "--all-paths is for storage requests" },
    { "other options for storage", { "permit", storage, "--new", "x", "--hash", "this", "-y" }, 2,
      "--hash is not for storage requests" },
    { "elevation not told", { "permit", helper.request_id(1005), "--new", "x", "--hash", "this", "-y" }, 1,
      "this is an elevation request" },
    { "no request", { "reject", "--yes" }, 2, "REQUEST is missing" },
    { "no id", { "reject", "printer", "-y" }, 2, "'printer' is no request id" },
    { "too many", { "permit", printer, outlet, "--new", "x" }, 2, "is not expected here" },
  }
  for _, case in ipairs(no_write) do
    it("writes nothing where it is " .. case[1], function()
      local code, out, err = run(table.unpack(case[2]))
      assert.equal(case[3], code, err)
      has(out .. err, case[4])
      for _, request in ipairs(sandbox:call("GET", "state").requests) do
        for kind, count in pairs(request.writes) do
          assert.equal(0, count, kind)
        end
      end
    end)
  end

  it("does not name the token, whatever happens", function()
    sandbox:switch { token = "revoked" }
    local code, out, err = permit_new("--yes", "--verbose")
    assert.equal(1, code)
    has(err, "(token)")
    assert.falsy((out .. err):find(sandbox.token, 1, true))
  end)

  it("asks again when the request changed while somebody looked", function()
    local it <close> = terminal.run(120, { "permit", printer, "--new", "Label printer", "--hash", "this" },
      sandbox:environment())
    it:wait "Permit this request? [y/N]"
    sandbox:call("POST", "request", { approvalRequestId = printer, set = { path = "C:\\Temp\\other.exe" } })
    it:type "y"
    it:wait "Permit this request? [y/N]"
    has(it:screen(), "It changed while you looked.")
    has(it:screen(), "File          C:\\Temp\\other.exe")
    assert.equal(0, writes(printer).permit)
    it:type "yes"
    assert.equal(0, (it:finish()))
    assert.equal(1, writes(printer).permit)
  end)

  it("sends nothing when one of several was answered by somebody else while the question stood", function()
    local it <close> = terminal.run(120, { "reject", printer, outlet }, sandbox:environment())
    it:wait "Reject these 2 requests? [y/N]"
    sandbox:call("POST", "request", { approvalRequestId = outlet, set = { statusId = 4 } })
    it:type "y"
    local code, screen = it:finish()
    assert.equal(3, code)
    has(screen, "already actioned")
    assert.equal(0, writes(printer).reject)
  end)

  it("sends nothing when it is interrupted at the question", function()
    for _, key in ipairs { "C-c", "C-d" } do
      local it <close> = terminal.run(120, { "reject", printer }, sandbox:environment())
      it:wait "Reject this request? [y/N]"
      it:press(key)
      assert.equal(key == "C-c" and 130 or 1, (it:finish()))
      assert.equal(0, writes(printer).reject)
    end
  end)

  it("does not call a write undone that it sent when it was interrupted", function()
    sandbox:fault { match = "UpdateForReject", kind = "delay", ms = 1000 }
    local it <close> = terminal.run(120, { "reject", printer, "--yes" }, sandbox:environment())
    for _ = 1, 100 do
      if #sandbox:calls "UpdateForReject" > 0 then break end
      threatlocker.sleep(0.05)
    end
    it:press "C-c"
    local code, screen = it:finish()
    assert.equal(3, code)
    has(screen, "Outcome   unknown")
    has(screen, "look at the request before trying again")
    assert.equal(1, #sandbox:calls "UpdateForReject")
  end)

  it("never shows a terminal what a server wants it to do", function()
    sandbox:call("POST", "request", { approvalRequestId = printer, set = {
      path = "C:\\evil\27[2J\u{202E}txt.exe\nOutcome permitted", requestorReason = "a\u{200B}b\7" } })
    for _, arguments in ipairs { { "show", printer }, { "list" }, { "list", "--columns", "path,reason" } } do
      local code, out = run(table.unpack(arguments))
      assert.equal(0, code)
      assert.falsy(out:find "[\0-\9\11-\31\127]")
      assert.falsy(out:find("\u{202E}", 1, true))
      assert.falsy(out:find "\nOutcome")
      has(out, "evil")
    end
    local code, out = run("list", "--json")
    assert.equal(0, code)
    assert.falsy(out:find "[\0-\9\11-\31\127]")
  end)
end)

describe("outcomes as exit codes", function()
  local codes = { permitted = 0, rejected = 0, ignored = 0, owned = 0, authorized = 0, preview = 0, refused = 1,
                  already_actioned = 3, unknown = 3, ["something new"] = 1 }
  for word, code in pairs(codes) do
    it(("%s is %d"):format(word, code), function()
      assert.equal(code, outcome.exit_code { outcome = word })
      assert.equal(code, outcome.exit_code_of_all { { outcome = "permitted" }, { outcome = word } })
    end)
  end

  it("a doubtful one says that somebody must look", function()
    local facts = outcome.facts { outcome = "unknown", request_id = printer, message = "no reply", code = "timeout" }
    local texts = {}
    for _, fact in ipairs(facts) do
      texts[#texts + 1] = fact[2]
    end
    has(table.concat(texts, "\n"), "look at the request before trying again")
  end)
end)
