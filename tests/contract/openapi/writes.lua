--- Writes other than permits of applications.
local helper = require "helper"

local function step(method, number, organization, about, run)
  local id = helper.request_id(number)
  local row = { approvalRequestId = id, organizationId = organization }
  return { about = ("%s: %s"):format(method, about), id = id, organization = organization,
           run = function(client) run(client, row) end }
end

local function holding(read, made)
  made.held = "ApprovalRequest/" .. read
  return made
end

local dental, bakery = helper.dental, helper.bakery
local answer = { reason = "Not a \"business\" tool.\nSorry – really.", subject = "Your request", notify = true }

return {
  step("reject", 1003, bakery, "without an answer", function(client, row) client:reject(row) end),
  step("reject", 1003, bakery, "with one", function(client, row) client:reject(row, answer) end),
  step("ignore", 1002, dental, "without an answer", function(client, row) client:ignore(row) end),
  step("ignore", 1002, dental, "with one", function(client, row) client:ignore(row, answer) end),
  step("reject", 1003, bakery, "two of two organizations", function(client, row)
    client:reject({ row, { approvalRequestId = helper.request_id(1002), organizationId = dental } }, answer)
  end),
  step("ignore", 1003, bakery, "two of two organizations", function(client, row)
    client:ignore({ row, { approvalRequestId = helper.request_id(1002), organizationId = dental } })
  end),
  holding("ApprovalRequestGetById",
          step("take_ownership", 1003, bakery, "of one", function(client, row) client:take_ownership(row) end)),
  step("authorize", 1012, bakery, "an escalated one", function(client, row)
    client:authorize(row, { message = "Please go on." })
  end),
  holding("ApprovalRequestGetStorageApprovalById",
          step("permit_storage", 1006, dental, "a new policy", function(client, row)
            client:permit_storage(row, { policy = "new", name = "Clinic scans", scope = "computer", all_paths = true,
                                         expires = "2099-12-31T18:00:00Z", ticket = "INC-1042",
                                         comments = "Known stick.", requestor_email = "k.novak@example.com",
                                         response_subject = "Done", response_reason = "Try again.", notify = true })
          end)),
  holding("ApprovalRequestGetStorageApprovalById",
          step("permit_storage", 1007, bakery, "an existing policy", function(client, row)
            client:permit_storage(row, { policy = "existing", policy_id = "0b000000-0000-4000-8000-000000000700",
                                         all_devices = false })
          end)),
}
