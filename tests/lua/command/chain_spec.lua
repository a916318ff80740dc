--- `threatlocker chain`.
local chains = require "tests.lua.chains"
local command = require "tests.lua.command"
local helper = require "tests.lua.helper"
local json = require "dkjson"
local shell = require "shell"

local run, has, slurp = command.run, command.has, command.slurp

describe("threatlocker chain", function()
  local all

  before_each(function() all = chains.start() end)
  after_each(function() all:stop() end)

  local function run_chain(...)
    return run({ "chain", "--name", "test", "--ledger", all.ledger.path, "--since", "2020-01-01T00:00:00Z", ... },
      all.sandbox:environment())
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
      helper.environment(all.sandbox:environment()),
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
