local chains = require "tests.lua.chains"
local threatlocker = require "threatlocker"

describe("a chain's options", function()
  local all

  before_each(function() all = chains.start() end)
  after_each(function() all:stop() end)

  it("bring a site's own words", function()
    local words = { permit = { "Freigeben", "Permit" }, reject = { "Ablehnen" } }
    local chain = all:open { words = words }
    all:answer(all:ask { choice = chains.new_application(), words = words }, "freigeben")
    assert.equal(1, assert(chain:step()).permitted)
  end)

  it("know labelled choices", function()
    local chain = all:open()
    local approval = all:ask { choices = { { label = "As a new tool", choice = chains.new_application() } } }
    all:answer(approval, "As a new tool")
    assert.equal(1, assert(chain:step()).permitted)
    local history = assert(chain:history())
    assert.equal("As a new tool", history[#history].label)
  end)

  it("want several people to say yes", function()
    local chain = all:open { answerers = 2 }
    local choice = chains.new_application()
    local prepared = assert(all.client:prepare_prompt(chains.row, { executor = "chain:test", choice = choice }))
    local first, second = all:show(prepared), all:show(prepared)
    all:answer(first, "Permit", "anna")
    assert.equal(0, assert(chain:step()).permitted)
    all:answer(second, "Permit", "bert")
    assert.equal(1, assert(chain:step()).permitted)
    assert.equal(1, all:writes().permit)
  end)

  it("keep those who ask from deciding", function()
    local requester = assert(all.client:request(chains.row)).username:match "[^\\]+$"
    local chain = all:open { answerer_not_requester = true }
    all:answer(all:ask(), "Permit", requester)
    assert.equal(1, assert(chain:step()).left)
    assert.equal(0, all:writes().permit)
  end)

  it("say what becomes of expired prompts", function()
    local chain = all:open { on_expired = "reject", expired_grace = 0 }
    local approval = all:ask()
    assert(chain:step())
    all.sandbox:call("POST", "answer", { approval = approval, status = "expired" })
    local rejected = 0
    for _ = 1, 3 do
      rejected = rejected + assert(chain:step()).rejected
    end
    assert.equal(1, rejected)
  end)

  it("claim each request in SOAR", function()
    local chain = all:open { claims = true, claim_label = "threatlocker", claim_lease = 600, concurrency = 2 }
    all:answer(all:ask(), "Permit")
    assert.equal(1, assert(chain:step()).permitted)
    local claim = assert(all.soar:containers { source_data_identifier = "threatlocker-claim:" .. chains.id })[1]
    assert.equal("threatlocker", claim.label)
  end)

  it("may let answers be a month old", function()
    all:open { max_answer_age = 30 * 24 * 3600.5 }
  end)

  local refused = {
    { { concurrency = 0 }, "concurrency must be between 1 and 16" },
    { { concurrency = 17 }, "concurrency must be between 1 and 16" },
    { { concurrency = math.maxinteger }, "concurrency must be between 1 and 16" },
    { { concurrency = math.mininteger }, "concurrency must be between 1 and 16" },
    { { answerers = 0 }, "answerers must be between 1 and 5" },
    { { answerers = 6 }, "answerers must be between 1 and 5" },
    { { expired_grace = -1 }, "expired_grace must be between" },
    { { expired_grace = 604801 }, "expired_grace must be between" },
    { { max_answer_age = 1e300 }, "max_answer_age must be between" },
    { { claims = true, claim_lease = 0 }, "claim_lease must be more than" },
    { { claims = true, claim_lease = 100 }, "claim_lease must be more than" },
    { { claims = true, claim_label = "" }, "claim_label must be a label" },
    { { words = { permit = { "" } } }, "word" },
    { { words = { permit = { "Reject" } } }, "Reject" },
    { { events = "/nonexistent/events.jsonl" }, "events /nonexistent/events.jsonl: No such file" },
  }
  for at, case in ipairs(refused) do
    it(("fail with config, %d: %s"):format(at, case[2]), function()
      local value, message, code = threatlocker.chain(all:options(case[1]))
      assert.is_nil(value)
      assert.equal("config", code)
      assert.truthy(message:find(case[2], 1, true), message)
    end)
  end

  local misuse = {
    { { words = { "Permit" } }, "options have names; a number is none" },
    { { words = { permitt = { "x" } } }, "unknown option 'permitt' (did you mean 'permit'?)" },
    { { words = { permit = { 5 } } }, "option 'permit' must be a list of words" },
    { { words = { permit = {} } }, "option 'permit' must be a list of at least one word" },
    { { words = "Permit" }, "option 'words' must be a table, not a string" },
    { { concurrency = "8" }, "option 'concurrency' must be an integer, not a string" },
    { { answerers = 1.5 }, "option 'answerers' must be an integer" },
    { { answerer_not_requester = 1 }, "option 'answerer_not_requester' must be true or false" },
    { { on_expired = "permit" }, "option 'on_expired' must be one of: leave, reject, ignore" },
    { { on_expired = true }, "option 'on_expired' must be a string" },
    { { expired_grace = "1" }, "option 'expired_grace' must be an integer" },
    { { max_answer_age = 0 }, "option 'max_answer_age' must be above 0 seconds" },
    { { max_answer_age = 0 / 0 }, "option 'max_answer_age' must be above 0 seconds" },
    { { claims = "yes" }, "option 'claims' must be true or false" },
    { { claim_label = 7 }, "option 'claim_label' must be a string" },
    { { claim_lease = 300.5 }, "option 'claim_lease' must be an integer" },
    { { events = io.stderr }, "option 'events' must be a string" },
    { { events = "a\0b" }, "option 'events' holds a NUL byte" },
  }
  for _, case in ipairs(misuse) do
    it("raise: " .. case[2], function()
      local good, message = pcall(threatlocker.chain, all:options(case[1]))
      assert.is_false(good)
      assert.truthy(message:find(case[2], 1, true), message)
      local file = io.open(all.ledger.path)
      assert.is_nil(file, "the ledger was made before the options were checked")
    end)
  end
end)
