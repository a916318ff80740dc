local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"
local raises = helper.raises

local id = helper.request_id(1003)
local row = { approvalRequestId = id, organizationId = helper.bakery }
local hash = helper.printer_hash

local function new_application()
  return { application = "new", name = "Label printer", scope = "computer", rules = { { hash = hash } },
           ticket = "INC-1042" }
end

describe("a write", function()
  local sandbox, client

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client()
  end)

  after_each(function()
    sandbox:stop()
  end)

  describe("a permit", function()
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

    it("stays below the client's limits", function()
      local narrow <close> = sandbox:client { limits = { max_scope = "group" } }
      local choice = new_application()
      choice.scope = "organization"
      for _, dry_run in ipairs { true, false } do
        choice.dry_run = dry_run
        local outcome = assert(narrow:permit(row, choice))
        assert.equal("refused", outcome.outcome)
        assert.equal("invalid", outcome.code)
        assert.truthy(outcome.message:find("max_scope = group", 1, true), outcome.message)
      end
      local prepared, message, code = narrow:prepare_prompt(row, { executor = "playbook", choice = choice })
      assert.is_nil(prepared)
      assert.equal("invalid", code)
      assert.truthy(message:find("max_scope = group", 1, true), message)
      assert.equal(0, #sandbox:calls "ApprovalRequestPermitApplication")
      choice.scope = "group"
      assert.equal("permitted", assert(narrow:permit(row, choice)).outcome)
      raises("must be one of: computer", sandbox.client, sandbox, { limits = { max_scope = "x" } })
    end)

    it("as a dry run sends nothing and shows the body", function()
      local choice = new_application()
      choice.dry_run = true
      local outcome = assert(client:permit(row, choice))
      assert.equal("preview", outcome.outcome)
      assert.equal("table", type(outcome.body))
      assert.equal(0, #sandbox:calls "ApprovalRequestPermitApplication")
      assert.equal(0, sandbox:request(id).writes.permit)
      -- Byte for byte what is sent then, but for the id of the operation, which is new each time.
      choice.dry_run = nil
      local sent = assert(client:permit(row, choice))
      local body = sandbox:calls("ApprovalRequestPermitApplication")[1].body
      local function without(text, operation) return (text:gsub(operation:gsub("%-", "%%-"), "OPERATION")) end
      assert.equal(without(outcome.body_json, outcome.operation_id), without(body, sent.operation_id))
    end)

    it("whose reply is lost is settled by reading back, and not sent again", function()
      sandbox:fault { match = "ApprovalRequestPermitApplication", kind = "drop_after_apply" }
      local outcome = assert(client:permit(row, new_application()))
      assert.equal("permitted", outcome.outcome)
      assert.is_true(outcome.verified)
      assert.equal(1, sandbox:request(id).writes.permit)
      assert.equal(1, #sandbox:calls "ApprovalRequestPermitApplication")
    end)

    it("that got lost on its way is called unknown, and not sent again", function()
      sandbox:fault { match = "ApprovalRequestPermitApplication", kind = "drop_before_apply" }
      local outcome = assert(client:permit(row, new_application()))
      assert.equal("unknown", outcome.outcome)
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

    it("that says too little, or something unknown, fails before anything is asked, with the reason", function()
      local unknown = new_application()
      unknown.scop = "computer"
      for reason, choice in pairs { ["name of the new application is missing"] = { application = "new" },
                                    ["unknown member: scop "] = unknown } do
        local outcome, message, code = client:permit(row, choice)
        assert.is_nil(outcome)
        assert.equal("invalid", code)
        assert.truthy(message:find(reason, 1, true), message)
      end
      assert.equal(0, #sandbox:calls "")
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

  describe("an answer to several requests", function()
    local first = helper.request_id(1001)

    --- Of two organizations, one of them actioned already.
    local function mixed()
      return {
        { approvalRequestId = first, organizationId = helper.dental },
        row,
        { approvalRequestId = helper.request_id(1009), organizationId = helper.dental },
        { approvalRequestId = helper.request_id(1002), organizationId = helper.dental },
      }
    end

    local function words(outcomes)
      local found = {}
      for i, outcome in ipairs(outcomes) do
        found[i] = outcome.outcome
      end
      return found
    end

    it("is one sending for each organization, and one outcome for each request", function()
      local requests = mixed()
      local outcomes = assert(client:reject(requests, { reason = "Not business tools.", notify = false }))
      assert.same({ "rejected", "rejected", "already_actioned", "rejected" }, words(outcomes))
      assert.equal("[", threatlocker.json_encode(outcomes):sub(1, 1))
      for i, request in ipairs(requests) do
        assert.equal(request.approvalRequestId, outcomes[i].request_id)
        assert.equal(request.organizationId, outcomes[i].organization_id)
        assert.equal(i == 3 and 0 or 1, sandbox:request(request.approvalRequestId).writes.reject)
      end
      local sent = sandbox:calls "UpdateForReject"
      assert.equal(2, #sent)
      assert.equal(helper.dental, sent[1].headers.ManagedOrganizationId)
      assert.equal(helper.bakery, sent[2].headers.ManagedOrganizationId)
    end)

    it("may ignore them", function()
      assert.same({ "ignored", "ignored", "already_actioned", "ignored" }, words(assert(client:ignore(mixed()))))
      assert.equal(2, #sandbox:calls "UpdateForIgnore")
    end)

    it("takes bare ids, in the organization named once", function()
      local ids = { first, helper.request_id(1002) }
      local outcomes = assert(client:reject(ids, nil, { organization_id = helper.dental }))
      assert.same({ "rejected", "rejected" }, words(outcomes))
      assert.same({ "already_actioned", "already_actioned" },
                  words(assert(client:reject(ids, { organization_id = helper.dental }))))
    end)

    it("takes ids beside rows, and rows from a listing as they come", function()
      local own = assert(client:request(helper.request_id(1011)))
      assert.same({ "ignored", "ignored" }, words(assert(client:ignore { own.approvalRequestId, row })))
      local pending = assert(client:request_page { children = true, action_types = { "execute" }, page_size = 3 })
      assert.same({ "rejected", "rejected", "rejected" }, words(assert(client:reject(pending))))
    end)

    it("gives an array for a list of one", function()
      assert.same({ "rejected" }, words(assert(client:reject { row })))
    end)

    it("gives what is not there its own outcome", function()
      local outcomes = assert(client:reject { row, helper.request_id(7777) })
      assert.same({ "rejected", "refused" }, words(outcomes))
      assert.equal("not_found", outcomes[2].code)
    end)

    it("as a dry run shows the body of each sending", function()
      local outcomes = assert(client:reject(mixed(), { dry_run = true }))
      assert.same({ "preview", "preview", "already_actioned", "preview" }, words(outcomes))
      assert.same(outcomes[1].body, outcomes[4].body)
      assert.equal(0, #sandbox:calls "UpdateForReject")
    end)

    it("fails as a whole where nothing could be sent", function()
      for _, wrong in ipairs { {}, { row, row }, { row, "no-guid" } } do
        local value, message, code = client:reject(wrong)
        assert.is_nil(value)
        assert.is_string(message)
        assert.equal("invalid", code)
      end
      local many = {}
      for i = 1, 101 do
        many[i] = helper.request_id(i)
      end
      assert.equal("invalid", select(3, client:ignore(many)))
      assert.equal(0, #sandbox:calls "")
      sandbox:switch { token = "revoked" }
      assert.equal("token", select(3, client:reject(mixed())))
    end)

    it("raises for what is no list of requests, and sends nothing", function()
      local function wrong(message, list)
        raises(message, client.reject, client, list)
        raises(message, client.ignore, client, list)
      end
      wrong("item 2: request id or row expected, got number", { row, 5 })
      wrong("item 2: the row has no approvalRequestId", { row, {} })
      wrong("item 1: member 'organizationId' must be a string", { { approvalRequestId = id, organizationId = 5 } })
      wrong("item 1: holds a NUL byte", { "a\0b" })
      wrong("must be a request id, a row, or a list of them", { approvalRequestID = id })
      wrong("must be a request id, a row, or a list of them", { [1] = id, [3] = first })
      wrong("must be a request id, a row, or a list of them", { first, approvalRequestId = id })
      wrong("request id or row expected, got nil", nil)
      raises("the row has no approvalRequestId", client.permit, client, { row, row }, new_application())
      raises("the row has no approvalRequestId", client.take_ownership, client, { row })
      raises("given twice", client.reject, client, { row }, { organization_id = helper.bakery },
             { organization_id = helper.bakery })
      raises("must have named members, not a list", client.reject, client, { row }, { "reason" })
      assert.equal(0, #sandbox:calls "")
    end)
  end)

  describe("taking ownership", function()
    it("assigns the request, verified", function()
      local outcome = assert(client:take_ownership(row))
      assert.equal("owned", outcome.outcome)
      assert.is_true(outcome.verified)
      assert.equal("api.approver@example.com", outcome.assignee)
      assert.equal(1, sandbox:request(id).writes.ownership)
    end)

    it("as a dry run sends nothing", function()
      local outcome = assert(client:take_ownership(id, { dry_run = true, organization_id = helper.bakery }))
      assert.equal("preview", outcome.outcome)
      assert.equal(id, outcome.body.approvalRequestId)
      assert.equal(0, sandbox:request(id).writes.ownership)
    end)

    it("fails for what is not there, is actioned or is asked for wrongly", function()
      assert.equal("not_found", select(3, client:take_ownership(helper.request_id(7777))))
      local actioned = { approvalRequestId = helper.request_id(1009), organizationId = helper.dental }
      assert.equal("already_actioned", assert(client:take_ownership(actioned)).outcome)
      assert.equal("invalid", select(3, client:take_ownership(row, { dryrun = true })))
      raises("table expected, got boolean", client.take_ownership, client, row, true)
      raises("unknown option", client.take_ownership, client, row, nil, { dry_run = true })
      assert.equal(0, #sandbox:calls "TakeOwnership")
    end)
  end)

  describe("an authorization", function()
    local escalated = { approvalRequestId = helper.request_id(1012), organizationId = helper.bakery }

    it("is applied once and verified", function()
      local outcome = assert(client:authorize(escalated, { message = "Known driver." }))
      assert.equal("authorized", outcome.outcome)
      assert.is_true(outcome.verified)
      assert.equal(1, sandbox:request(escalated.approvalRequestId).writes.authorize)
      assert.truthy(threatlocker.json_encode(sandbox:calls "AuthorizeForPermit"):find("Known driver.", 1, true))
      assert.equal("already_actioned", assert(client:authorize(escalated)).outcome)
    end)

    it("of a request that nobody escalated is refused before sending", function()
      local outcome = assert(client:authorize(row))
      assert.equal("refused", outcome.outcome)
      assert.equal("invalid", outcome.code)
      assert.equal(0, #sandbox:calls "AuthorizeForPermit")
    end)

    it("raises misuse", function()
      raises("table expected, got string", client.authorize, client, escalated, "Known driver.")
      raises("options.message: a function", client.authorize, client, escalated, { message = print })
      assert.equal("invalid", select(3, client:authorize(escalated, { message = 5 })))
    end)
  end)

  describe("a storage permit", function()
    local known = { approvalRequestId = helper.request_id(1006), organizationId = helper.dental }
    local policy = helper.storage_policy

    it("is applied once and verified", function()
      local outcome = assert(client:permit_storage(known, { policy = "existing", policy_id = policy }))
      assert.equal("permitted", outcome.outcome)
      assert.is_true(outcome.verified)
      assert.is_true(outcome.experimental)
      assert.equal(policy, outcome.policy_id)
      assert.equal(1, sandbox:request(known.approvalRequestId).writes.storage)
    end)

    it("as a dry run shows the body", function()
      local outcome = assert(client:permit_storage(helper.request_id(1007), {
        policy = "new", name = "Accountant's drive", dry_run = true, organization_id = helper.bakery,
      }))
      assert.equal("preview", outcome.outcome)
      assert.equal("Accountant's drive", outcome.body.policyName)
      assert.equal(0, #sandbox:calls "PermitStorageApproval")
    end)

    it("is refused for another kind of request, and without a policy", function()
      assert.equal("invalid", select(3, client:permit_storage(row, { policy = "new", name = "x" })))
      assert.equal("invalid", select(3, client:permit_storage(known, {})))
      assert.equal("invalid", select(3, client:permit_storage(known, { policy = "new", name = "x", scop = "group" })))
      assert.equal(0, #sandbox:calls "PermitStorageApproval")
    end)

    it("raises without a choice", function()
      raises("table expected, got nil", client.permit_storage, client, known)
      raises("table expected, got string", client.permit_storage, client, known, "new")
      raises("choice.name: a function", client.permit_storage, client, known, { name = print })
    end)
  end)

  describe("a prepared prompt", function()
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

    it("offers labelled choices and a site's own words, as a list", function()
      local prepared = assert(client:prepare_prompt(row, {
        executor = "playbook", words = { reject = { "Nein" }, ignore = { "Egal", "Ignore" } },
        choices = { { label = "Just here", choice = new_application() },
                    { label = "Its group", choice = { application = "new", name = "x", scope = "group",
                                                      rules = new_application().rules } } },
      }))
      assert.equal('["Just here","Its group","Nein","Egal"]', threatlocker.json_encode(prepared.choices))
      local none = threatlocker.array()
      assert.equal("invalid", select(3, client:prepare_prompt(row, { executor = "playbook", choices = none })))
      assert.equal("invalid", select(3, client:prepare_prompt(row, { executor = "playbook", choices = { a = 1 } })))
      assert.equal("config", select(3, client:prepare_prompt(row, {
        executor = "playbook", choice = new_application(), words = { permit = none },
      })))
    end)

    it("writes nothing", function()
      assert(client:prepare_prompt(row, { executor = "playbook", choice = new_application() }))
      assert.equal(0, sandbox:request(id).writes.permit)
    end)

    it("is refused for a choice that could not be permitted, and without an executor", function()
      for _, prompt in ipairs { { executor = "playbook", choice = { application = "new" } },
                                { choice = new_application() },
                                { executor = "chain:", choice = new_application() } } do
        assert.equal("invalid", select(3, client:prepare_prompt(row, prompt)))
      end
    end)
  end)
end)
