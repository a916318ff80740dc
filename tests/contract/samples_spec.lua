--- The article's twelve samples, each given to the function that it belongs to: answers are served by the sandbox and
--- read, requests are compared with what is sent. TL_REFERENCE names the folder; without it the tests are pending.
local helper = require "helper"
local threatlocker = require "threatlocker"
local types = require "types"

local folder = (os.getenv "TL_REFERENCE" or "") .. "/samples/"
local id, dental = helper.request_id(1001), helper.dental
local row = { approvalRequestId = id, organizationId = dental }

local used = {}

local function read(name)
  used[name] = true
  local file <close> = assert(io.open(folder .. name, "rb"))
  return file:read "a"
end

local function decode(text)
  return assert(threatlocker.json_decode(text, { null = threatlocker.null }))
end

local function sample(name)
  return decode(read(name))
end

local list_file = "ApplicationGetListForAddToApplication.response.one-application.json"
local matches_file = "ApplicationGetMatchingList.response.two-matches.json"
local details_file = "ApprovalRequestGetPermitApplicationById.response.child-organization.json"

--- The same JSON, members in any order.
local function assert_same(expected, got)
  assert.equal(threatlocker.json_encode(expected), threatlocker.json_encode(got))
end

--- Every member of `part` stands in `whole` as it is.
local function assert_holds(part, whole)
  for name, value in pairs(part) do
    assert_same({ [name] = value }, { [name] = whole[name] })
  end
end

local has_reference = os.execute("test -d '" .. folder .. "'")

describe("the article's samples", function()
  if not has_reference then
    pending "the reference is not beside this checkout"
    return
  end

  local sandbox, client

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client { null = threatlocker.null }
  end)

  after_each(function()
    sandbox:stop()
  end)

  --- The sandbox answers with this text instead of its own.
  local function serve(endpoint, text)
    sandbox:fault { kind = "status", status = 200, match = endpoint, body = text, times = -1 }
  end

  --- The body of the only call to an endpoint.
  local function sent_to(endpoint)
    local calls = sandbox:calls(endpoint)
    assert.equal(1, #calls)
    return decode(calls[1].body)
  end

  for file, children in pairs { ["own-organization"] = false, ["with-child-organizations"] = true } do
    it("for a list's request: " .. file, function()
      local expected = sample("ApprovalRequestGetByParameters.request." .. file .. ".json")
      assert(client:request_page { children = children, ascending = false, page_size = 100, page_number = 1 })
      local sent = sent_to "ApprovalRequestGetByParameters"
      -- The server ignores the case of this word (API reference B1).
      assert.equal(expected.orderBy:lower(), sent.orderBy)
      expected.orderBy = nil
      assert_holds(expected, sent)
    end)
  end

  it("for a list's row", function()
    local text = read "ApprovalRequestGetByParameters.response.one-row.json"
    serve("ApprovalRequestGetByParameters", "[" .. text .. "]")
    serve("ApprovalRequestGetById", text)
    local expected = decode(text)
    local rows = assert(client:request_page())
    assert.equal(1, #rows)
    assert_holds(expected, rows[1])
    for each in client:requests() do
      assert_holds(expected, each)
    end
    assert_holds(expected, assert(client:request(row)))
  end)

  it("for the permit details", function()
    local text = read(details_file)
    serve("ApprovalRequestGetPermitApplicationById", text)
    assert_same(decode(text), assert(client:permit_details(row)))
  end)

  it("for the request and the answer of matching", function()
    local answer, expected = read(matches_file), sample "ApplicationGetMatchingList.request.json"
    serve("ApplicationGetMatchingList", answer)
    local details = sample(details_file)
    details.approvalRequest.threatLockerActionDto.certs = expected.certs
    details.approvalRequest.threatLockerActionDto.installedBy = expected.createdBys
    assert_same(decode(answer).matchingApplications, assert(client:matching_applications(details)))
    assert_same(expected, sent_to "ApplicationGetMatchingList")
  end)

  it("for the request of matching by criteria", function()
    local expected = sample "ApplicationGetMatchingList.request.json"
    assert(client:matching_applications(expected))
    assert_same(expected, sent_to "ApplicationGetMatchingList")
  end)

  it("for applications to add to", function()
    local text = read(list_file)
    serve("ApplicationGetListForAddToApplication", "[" .. text .. "]")
    assert_same({ decode(text) }, assert(client:applications { search = "App" }))
  end)

  it("for applications usable with a maintenance mode", function()
    local text = read "ApplicationGetForMaintenanceMode.response.one-option.json"
    serve("ApplicationGetForMaintenanceMode", "[" .. text .. "]")
    assert_same({ decode(text) }, assert(client:maintenance_applications()))
  end)

  it("for research data", function()
    local text = read "ApplicationGetResearchDetailsById.response.adobe-acrobat.json"
    serve("ApplicationGetResearchDetailsById", text)
    assert_same(decode(text), assert(client:research "4cc1729d-8727-43de-b379-f3df4fe6055a"))
  end)

  --- A preview from the samples alone, in the article's form.
  local function assert_previews(file, choice)
    serve("ApprovalRequestGetPermitApplicationById", read(details_file))
    serve("ApplicationGetMatchingList", read(matches_file))
    serve("ApplicationGetListForAddToApplication", "[" .. read(list_file) .. "]")
    local expected = sample("ApprovalRequestPermitApplication.request." .. file .. ".json")
    choice.ticket, choice.requestor_email = expected.adminNotes.ticket, expected.adminNotes.requestorEmail
    choice.comments, choice.body, choice.dry_run = expected.adminNotes.comments, "minimal", true
    local outcome = assert(client:permit(row, choice))
    assert.equal("preview", outcome.outcome, outcome.message)
    local body = outcome.body
    body.adminNotes.comments = body.adminNotes.comments:gsub("^%[threatlocker operation [%x-]+%] ", "")
    assert_same(expected, body)
  end

  it("for a permit with an existing application", function()
    local body = sample "ApprovalRequestPermitApplication.request.1-existing-application.json"
    local first, second = table.unpack(body.policyConditions.manualOptions)
    assert_previews("1-existing-application",
                    { application = "existing", policy = "existing", application_id = helper.application_id(202),
                      rules = { { path = first.fullPath, cert = first.cert }, { hash = second.hash } } })
  end)

  it("for a permit with a matching application", function()
    assert_previews("2-matching-application", { application = "matching", scope = "organization",
                                                application_id = helper.application_id(101) })
  end)

  it("for a permit with a new application", function()
    assert_previews("3-new-application", { application = "new", name = "Example Field Service Updater",
                                           mode = "learning", scope = "computer" })
  end)

  it("for the types that editors show", function()
    local doc, members, wrong = types.parse(types.text()), {}, {}
    types.add_members(doc, members, "threatlocker.row",
                      sample "ApprovalRequestGetByParameters.response.one-row.json", wrong)
    types.add_members(doc, members, "threatlocker.permit_details", sample(details_file), wrong)
    for _, ours in ipairs { "requestKind", "requestorReasonText" } do
      members["threatlocker.row"][ours] = true
    end
    assert.same({}, types.compare(doc, { functions = doc.functions, members = members }))
    assert.same({}, wrong)
  end)

  it("are all of them", function()
    local pipe <close> = assert(io.popen("ls '" .. folder .. "'"))
    local count = 0
    for name in pipe:lines() do
      if name:find "%.json$" then
        count = count + 1
        assert.truthy(used[name], name .. " was not read")
      end
    end
    assert.equal(12, count)
  end)
end)
