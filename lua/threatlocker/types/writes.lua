---@meta _
--- What changes something at ThreatLocker: sent once, then read back.

---@class threatlocker.client
local client = {}

---@class threatlocker.rule  a hash alone, or any of the others
---@field hash? string  ThreatLocker's own hash of the file
---@field path? string  full path, * is a wildcard
---@field process? string  full path of the program that wants it
---@field cert? string  a certificate's subject
---@field created_by? string  full path of what created it

--- What to permit. Whatever is not chosen stays as ThreatLocker has it in the details.
---@class threatlocker.choice
---@field application "matching"|"existing"|"new"  one that matches the file, any other, or a new one
---@field application_id? string  required for matching and existing
---@field name? string  required for new
---@field policy? "new"|"existing"  default "new"; "existing" adds the rules to the application, and takes no scope
---@field scope? "computer"|"group"|"organization"  for which computers; default "computer"
---@field group_id? string  of scope "group"; default: the computer's own
---@field rules? threatlocker.rule[]  what belongs to the application, at most 50
---@field mode? "manual"|"installation"|"learning"|"monitor"  default "manual"; the others are on for an hour
---@field elevate? "no"|"notify"|"silent"|"standard_user"  required for elevation requests
---@field elevate_hours? integer  how long it may elevate
---@field elevate_until? string  UTC time instead of hours
---@field expires? string  UTC time
---@field ticket? string  its number, on record with the permit
---@field comments? string  on record with the permit
---@field requestor_email? string  where the answer goes
---@field response_subject? string  of the answer to the requestor
---@field response_reason? string  text of that answer
---@field notify? boolean  send it
---@field allow_builtin? boolean  a built-in application below scope "organization"
---@field allow_actioned? boolean  also where somebody has decided already; not in a prompt
---@field allow_empty? boolean  a new application without rules
---@field scope_encoding? "official"|"all_false"  default "official": how scope "computer" is told
---@field body? "full"|"minimal"  default "full": the details with the changes
---@field dry_run? boolean  return the exact body, send nothing; not in a prompt

---@class threatlocker.permit_choice: threatlocker.choice, threatlocker.call_options

---@class threatlocker.answer: threatlocker.call_options
---@field reason? string  on record, and what the requestor reads
---@field subject? string  of what the requestor reads
---@field notify? boolean  send it to the requestor
---@field allow_actioned? boolean  also where somebody has decided already
---@field dry_run? boolean  return the exact body, send nothing

---@class threatlocker.storage_choice: threatlocker.call_options
---@field policy "existing"|"new"  the device goes into one that exists, or a new one
---@field policy_id? string  required for existing: the device is added to that storage policy
---@field name? string  required for new
---@field scope? "computer"|"group"|"organization"  of a new policy; default "computer"
---@field group_id? string  required for scope "group"
---@field all_devices? boolean  of a new policy: every device, not this one alone
---@field all_paths? boolean  of a new policy: every path, not this one alone
---@field expires? string  UTC time
---@field ticket? string  its number, on record with the permit
---@field comments? string  on record with the permit
---@field requestor_email? string  where the answer goes
---@field response_subject? string  of the answer to the requestor
---@field response_reason? string  text of that answer
---@field notify? boolean  send it
---@field allow_actioned? boolean  also where somebody has decided already
---@field dry_run? boolean  return the exact body, send nothing

---@class threatlocker.ownership_options: threatlocker.call_options
---@field dry_run? boolean  return the exact body, send nothing

---@class threatlocker.authorize_options: threatlocker.call_options
---@field message? string  to the Cyber Heroes
---@field dry_run? boolean  return the exact body, send nothing

---@alias threatlocker.outcome_word
---| "permitted" | "rejected" | "ignored" | "owned" | "authorized"  what was asked for, and applied
---| "already_actioned"  somebody was faster
---| "refused"  nothing was applied: by us before sending, or by the server
---| "unknown"  it may have been applied: a person must look
---| "preview"  of a dry run

---@class threatlocker.outcome
---@field outcome threatlocker.outcome_word  what came of it
---@field verified boolean  read back in the state that outcome names
---@field applied "yes"|"no"|"unknown"  whether anything changed there
---@field code? threatlocker.code  why, where it was refused or is unknown
---@field message? string  the same in words
---@field http_status? integer  of the reply, where there was one
---@field logger_id? string  ThreatLocker's LoggerId
---@field request_id string  GUID
---@field organization_id? string  GUID
---@field operation_id? string  of this very write; stands in the comments on record
---@field status_id? integer  of the request as it was read last
---@field approved_by? string  who decided, as read back
---@field action_date? string  time of the decision, as read back
---@field policy_id? string  GUID, as read back
---@field application_id? string  GUID, as read back
---@field assignee? string  who owns the request now
---@field experimental? true  of a storage permit: how its endpoint behaves is documented nowhere
---@field body? any  the request body, of a preview
---@field body_json? string  the same, byte for byte as it would be sent
---@field body_sha256? string  SHA-256 of it

--- Plans, sends once, reads back. An outcome comes whenever the request could be read, refusals included: look at
--- `outcome` and `verified`.
---@param id string|threatlocker.row
---@param choice threatlocker.permit_choice
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:permit(id, choice, options) end

--- Permits one storage request, as permit() does. Experimental.
---@param id string|threatlocker.row
---@param choice threatlocker.storage_choice
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:permit_storage(id, choice, options) end

--- Rejects one request, or up to 100 with one sending for each organization. The outcomes of a list are in its order: a
--- request that cannot be acted on gets its own outcome and holds up no other. Each row brings its own organization;
--- organization_id, where it is given, counts for all.
---@param ids string|threatlocker.row|(string|threatlocker.row)[]
---@param answer? threatlocker.answer
---@param options? threatlocker.call_options
---@return threatlocker.outcome|threatlocker.outcome[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
---@overload fun(self, id: string|threatlocker.row, answer?: threatlocker.answer, options?: threatlocker.call_options): threatlocker.outcome|nil, string?, threatlocker.code?, threatlocker.failure?
---@overload fun(self, ids: (string|threatlocker.row)[], answer?: threatlocker.answer, options?: threatlocker.call_options): threatlocker.outcome[]|nil, string?, threatlocker.code?, threatlocker.failure?
function client:reject(ids, answer, options) end

--- As reject(), through the endpoint for ignoring.
---@param ids string|threatlocker.row|(string|threatlocker.row)[]
---@param answer? threatlocker.answer
---@param options? threatlocker.call_options
---@return threatlocker.outcome|threatlocker.outcome[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
---@overload fun(self, id: string|threatlocker.row, answer?: threatlocker.answer, options?: threatlocker.call_options): threatlocker.outcome|nil, string?, threatlocker.code?, threatlocker.failure?
---@overload fun(self, ids: (string|threatlocker.row)[], answer?: threatlocker.answer, options?: threatlocker.call_options): threatlocker.outcome[]|nil, string?, threatlocker.code?, threatlocker.failure?
function client:ignore(ids, answer, options) end

--- Assigns the request to the API user.
---@param id string|threatlocker.row
---@param what? threatlocker.ownership_options
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:take_ownership(id, what, options) end

--- Lets the Cyber Heroes permit a request to execute that they escalated; any other is refused.
---@param id string|threatlocker.row
---@param what? threatlocker.authorize_options
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:authorize(id, what, options) end
