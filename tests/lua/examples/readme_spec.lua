--- README's Lua, run as it stands there.
local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

--- The blocks of Lua, in order.
local function blocks()
  local found = {}
  for block in helper.slurp("README.md"):gmatch "\n```lua\n(.-\n)```\n" do
    found[#found + 1] = block
  end
  return found
end

describe("README's Lua", function()
  local first <const> = helper.request_id(1003) -- of a child
  local second <const> = helper.request_id(1011) -- of the token's own organization
  local sandbox, environment

  before_each(function()
    sandbox = helper.start()
    environment = sandbox:environment()
  end)

  after_each(function() sandbox:stop() end)

  --- Runs a block with these arguments; returns what it printed.
  local function run(block, ...)
    local script <close> = helper.file(block)
    local code, out, err = helper.run_script(script.path, { ... }, environment)
    assert.equal(0, code, err)
    assert.equal("", err)
    return out
  end

  --- Starts a block in that folder; returns its process id and a function that waits for its end.
  local function start(script, folder)
    local command = ("cd '%s'; echo $$; exec %s"):format(folder, helper.script_command(script, {}, environment))
    local pipe = assert(io.popen(command))
    return assert(pipe:read "n"), function() return pipe:close() end
  end

  local function wait_until(condition)
    for _ = 1, 400 do
      if condition() then return end
      threatlocker.sleep(0.05)
    end
    error "waited in vain"
  end

  it("lists the queue and permits one request", function()
    local block = blocks()[1]
    local out = run(block, first)
    assert.truthy(out:find(first .. "\tC:\\Users\\p.adeyemi\\Downloads\\LabelPrinterSetup.exe\n", 1, true), out)
    local promised = block:match "%-%-> ([^\n]+)\n$"
    assert.equal(promised:gsub("%s+", "\t"), out:match "([^\n]+)\n$")
    assert.equal(1, sandbox:request(first).writes.permit)
  end)

  it("runs a chain that turns the answer to a prepared prompt into a permit", function()
    local folder = os.tmpname()
    os.execute(("rm '%s' && mkdir '%s'"):format(folder, folder))
    local script <close> = helper.file(blocks()[3])
    local pid, wait = start(script.path, folder)
    finally(function() os.execute(("kill -KILL %d 2>/dev/null; rm -r '%s'"):format(pid, folder)) end)
    wait_until(function() return #sandbox:calls "/rest/approval" > 0 end) -- prompts from its ledger's birth on count
    local message = run(blocks()[2], second):gsub("\n$", "")
    local approval = sandbox:call("POST", "prompt", { approvalRequestId = second, message = message }).approval
    sandbox:call("POST", "answer", { approval = approval, status = "approved", by = "analyst",
                                     responses = { "Permit", "as agreed" } })
    wait_until(function() return sandbox:request(second).writes.permit == 1 end)
    os.execute("kill -TERM " .. pid)
    assert.same({ true, "exit", 0 }, { wait() })
    assert.equal(4, sandbox:request(second).statusId)
  end)

  it("is all run here", function()
    assert.equal(3, #blocks())
  end)
end)
