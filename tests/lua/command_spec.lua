local chains = require "tests.lua.chains"
local command = require "tests.lua.command"
local helper = require "tests.lua.helper"
local json = require "dkjson"
local shell = require "shell"

local run, has, slurp = command.run, command.has, command.slurp

describe("the command", function()
  it("helps", function()
    for _, arguments in ipairs { { "--help" }, { "-h" }, { "help" } } do
      local code, out, err = run(arguments)
      assert.equal(0, code)
      assert.equal("", err)
      has(out, "usage: threatlocker COMMAND")
      has(out, "  chain ")
      assert.falsy(out:find "nil")
    end
    for _, arguments in ipairs { { "chain", "--help" }, { "chain", "--no-such", "-h" }, { "help", "chain" } } do
      local code, out = run(arguments)
      assert.equal(0, code)
      has(out, "usage: threatlocker chain --name NAME --ledger FILE")
      has(out, "\n  --max-scope SCOPE ")
      for line in out:gmatch "[^\n]+" do
        assert.is_true(#line <= 120, line)
      end
    end
  end)

  it("shows warnings", function()
    local file <close> = helper.file "not-a-real-token"
    os.execute("chmod 644 " .. file.path)
    local code, _, err = run({ "count" }, { THREATLOCKER_API_KEY_FILE = file.path,
                                            THREATLOCKER_BASE_URL = helper.nowhere })
    assert.equal(1, code)
    has(err, "Lua warning: THREATLOCKER_API_KEY_FILE names a file that others can read: chmod 600 it\n")
  end)

  local wrong = {
    { {}, "usage: threatlocker COMMAND" },
    { { "chian" }, "there is no command 'chian' (did you mean chain?)" },
    { { "zzzzzzzz" }, "there is no command 'zzzzzzzz'\n" },
    { { "help", "chian" }, "there is no command 'chian'" },
    { { "chain" }, "--ledger is missing" },
    { { "chain", "--ledger", "x" }, "--name is missing" },
    { { "chain", "--ledger" }, "--ledger needs a value: FILE" },
    { { "chain", "--ledger=" }, "--ledger is empty" },
    { { "chain", "--ledger", "a", "--ledger=b" }, "--ledger is given twice" },
    { { "chain", "--once=1" }, "--once takes no value" },
    { { "chain", "here" }, "'here' is not expected here" },
    { { "chain", "--", "--help" }, "'--help' is not expected here" },
    { { "chain", "--max-scop", "group" }, "there is no option '--max-scop' (did you mean --max-scope?)" },
    { { "chain", "--zzzzzzzz" }, "there is no option '--zzzzzzzz'\n" },
    { { "chain", "-x" }, "there is no option '-x'" },
    { { "chain", "--timeout", "0" }, "--timeout must be a number above 0" },
    { { "chain", "--max-scope", "all" }, "--max-scope must be one of: computer, group, organization" },
    { { "chain", "--concurrency", "0x8" }, "--concurrency must be an integer from 1 on" },
    { { "chain", "--answerers", "0" }, "--answerers must be an integer from 1 on" },
    { { "chain", "--expired-grace", "99999999999999999999" }, "--expired-grace must be an integer from 0 on" },
    { { "chain", "--name", "x", "--ledger", "y", "--json" }, "--json and --request go with --history" },
    { { "chain", "--ledger", "y", "--history", "--once" }, "--history and --once exclude each other" },
  }
  for _, case in ipairs(wrong) do
    it("says what is wrong with its usage: " .. case[2], function()
      local code, out, err = run(case[1])
      assert.equal(2, code)
      assert.equal("", out)
      has(err, case[2])
    end)
  end

  it("fails where something is missing or unusable", function()
    local code, _, err = run { "chain", "--name", "x", "--ledger", "/nonexistent/x" }
    assert.equal(1, code)
    has(err, "THREATLOCKER_INSTANCE")
    code, _, err = run { "chain", "--history", "--ledger", "/nonexistent/x" }
    assert.equal(1, code)
    has(err, "ledger /nonexistent/x: No such file or directory (config)")
  end)

  it("fails where its output cannot be written", function()
    assert.equal(1, select(3, os.execute(("%s lua/bin/threatlocker --help >/dev/full 2>/dev/null"):format(
      shell.quote(shell.interpreter())))))
  end)
end)

describe("threatlocker prompts", function()
  it("shows a prompt's lines as they stand, but for what could steer or hide", function()
    local sandbox <close> = setmetatable({ it = helper.start() }, { __close = function(self) self.it:stop() end })
    local approval = sandbox.it:call("POST", "prompt", { message = "Facts:\n  file: x\27[2J\u{200B}\nend" }).approval
    local code, out, err = run({ "prompts", tostring(approval) }, command.environment(sandbox.it))
    assert.equal(0, code, err)
    has(out, "Facts:\n  file: x [2J\u{FFFD}\nend\n")
  end)
end)

describe("threatlocker chain", function()
  local all

  before_each(function() all = chains.start() end)
  after_each(function() all:stop() end)

  local function run_chain(...)
    return run({ "chain", "--name", "test", "--ledger", all.ledger.path, "--since", "2020-01-01T00:00:00Z", ... },
      command.environment(all.sandbox))
  end

  local function show_history(environment, ...)
    return run({ "chain", "--history", "--ledger", all.ledger.path, ... }, environment)
  end

  it("takes one step, tells what happened, and shows it again", function()
    local approval = all:ask()
    all:answer(approval, "Permit")
    local code, out, err = run_chain "--once"
    assert.equal(0, code, err)
    has(out, ("prompt %d  permitted  %s  by analyst: read back: status 4"):format(approval, chains.id))
    assert.equal(1, all:writes().permit)
    code, out = show_history {}
    assert.equal(0, code)
    has(out, "TIME ")
    assert.truthy(out:find(("%d +permitted +permit +analyst +%s +read back: status 4, by"):format(approval,
      (chains.id:gsub("%-", "%%-")))), out)
    assert.falsy(out:find "foreign")
    code, out = show_history({}, "--json", "--request", chains.id)
    assert.equal(0, code)
    local states = {}
    for line in out:gmatch "[^\n]+" do
      local entry = json.decode(line)
      assert.equal(chains.id, entry.request_id)
      states[#states + 1] = entry.state
    end
    assert.equal("seen answered sending permitted", table.concat(states, " "))
  end)

  it("writes events as lines of JSON, and nothing else beside them", function()
    all:ask()
    local code, out = run_chain("--once", "--events", "-")
    assert.equal(0, code)
    assert.equal("seen", assert(json.decode(out)).state)
    local path <close> = helper.file ""
    all:answer(11, "Reject")
    code, out = run_chain("--once", "--quiet", "--events=" .. path.path)
    assert.equal(0, code)
    assert.equal("", out)
    assert.truthy(slurp(path.path):find '"state":"rejected"')
  end)

  it("exits with 3 where something is left to a person", function()
    all:answer(all:ask { choice = chains.new_application "organization" }, "Permit")
    local code, out = run_chain "--once"
    assert.equal(3, code)
    has(out, "above the limit max_scope")
    assert.equal(0, all:writes().permit)
  end)

  it("has an option for each of the chain's", function()
    local words = { permit = { "Ja" }, reject = { "Nein" }, ignore = { "Egal" } }
    all:answer(all:ask { choice = chains.new_application "organization", words = words }, "Ja", "anna")
    local code, _, err = run_chain("--once", "--max-scope", "organization", "--allow-builtin", "--allow-path-rules",
      "--allow-mode", "learning", "--allow-mode", "monitor", "--max-answer-age", "3600",
      "--permit-word", "Ja", "--reject-word", "Nein", "--ignore-word", "Egal", "--answerers", "1",
      "--answerer-not-requester", "--on-expired", "reject", "--expired-grace", "60", "--concurrency", "2", "--claims",
      "--claim-label", "events", "--claim-lease", "200")
    assert.equal(0, code, err)
    assert.equal(1, all:writes().permit)
    assert.equal(1, #all.soar:containers { source_data_identifier = "threatlocker-claim:" .. chains.id })
    code, _, err = run_chain("--once", "--max-expiry", "3600", "--claims", "--claim-lease", "5")
    assert.equal(1, code)
    has(err, "claim_lease must be more than")
  end)

  it("fails where a service cannot be asked, with --once", function()
    all.sandbox:switch { soar_token = "revoked" }
    local code, _, err = run_chain "--once"
    assert.equal(1, code)
    has(err, "(token)")
  end)

  it("runs until a signal comes", function()
    local out <close> = helper.file ""
    local line = "echo $$; exec %s %s lua/bin/threatlocker chain --name test --ledger %s >%s 2>&1"
    local pipe = assert(io.popen(line:format(
      helper.environment(command.environment(all.sandbox)),
      shell.quote(shell.interpreter()), all.ledger.path, out.path)))
    local pid = pipe:read "n"
    for _ = 1, 100 do
      if #all.sandbox:calls "/rest/approval" > 1 then break end
      os.execute "sleep 0.1"
    end
    local code, _, err = show_history {}
    assert.equal(1, code)
    has(err, "a chain is running with ledger")
    assert(os.execute("kill -TERM " .. pid))
    assert.is_true(pipe:close())
    has(slurp(out.path), "threatlocker: stopped\n")
  end)

  describe("--history", function()
    local nasty = "evil\27[2J\u{202E}txt\nbad \xFF"

    before_each(function()
      local long = ("Lorem ipsum dolor sit amet, consectetur "):rep(3)
      local chain = all:open { decide = function() return nil, nasty .. " " .. long .. chains.id end }
      all:answer(all:ask(), "Permit", "somebody.with.a.long.name@example.com")
      assert(chain:step())
      chain:close()
    end)

    it("fits every terminal and never cuts a GUID", function()
      for width = 40, 240, 7 do
        local code, out = show_history { COLUMNS = tostring(width) }
        assert.equal(0, code)
        local whole = 0
        for line in out:gmatch "[^\n]+" do
          assert.is_true(utf8.len(line) <= width, line)
          whole = whole + select(2, line:gsub(chains.id:gsub("%-", "%%-"), ""))
        end
        assert.is_true(whole >= 3, out)
        assert.falsy(out:find "[\27\127]")
        assert.falsy(out:find "\u{202E}")
      end
    end)

    it("stays on one line for each step where there is no terminal", function()
      local code, out = show_history {}
      assert.equal(0, code)
      assert.equal(4, select(2, out:gsub("\n", "")))
    end)
  end)
end)
