---@meta _
--- Sealed prompts: made here, answered in SOAR, resolved by a chain or by one call.

---@class threatlocker.client
local client = {}

---@class threatlocker.labelled_choice
---@field label string  1 to 40 bytes; differs from the others in more than case, and is none of the words
---@field choice threatlocker.choice  what the label stands for

---@class threatlocker.words  what decides, compared whole and without case; at most 8 in a list
---@field permit? string[]  default: "Permit", "Approve"
---@field reject? string[]  default: "Reject", "Deny"
---@field ignore? string[]  default: "Ignore"

---@class threatlocker.prompt_options: threatlocker.call_options
---@field executor string  "playbook" or "chain:<name>"
---@field choice? threatlocker.choice  without dry_run and allow_actioned; this or choices
---@field choices? threatlocker.labelled_choice[]  1 to 4, of which the approver picks one by its label
---@field words? threatlocker.words  the same as those of who reads the answer

---@class threatlocker.prepared
---@field message string  ends in the seal, which covers it: put it into the prompt as it is
---@field choices string[]  the answers to offer: "Permit" or the labels, then the words for no
---@field request_id string  GUID
---@field organization_id? string  GUID
---@field executor string  as it was given
---@field sealed_at string  UTC time
---@field facts string  digest of what the approver sees

--- A prompt's text for one request; sends nothing but reads.
---@param id string|threatlocker.row
---@param prompt threatlocker.prompt_options
---@param options? threatlocker.call_options
---@return threatlocker.prepared|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:prepare_prompt(id, prompt, options) end

---@class threatlocker.resolve_options
---@field executor? string  the seal must name it; default "playbook"
---@field limits? threatlocker.limits  the ceiling
---@field words? threatlocker.words  those that the prompt was prepared with
---@field max_answer_age? number  seconds, up to 366 days; default 86400
---@field answerer_not_requester? boolean  whoever asked must not decide
---@field request_id? string  a cross-check: the seal must name this request

---@class threatlocker.resolved: threatlocker.outcome
---@field outcome threatlocker.outcome_word|"waiting"|"left"  waiting: not answered yet; left: no act follows from this prompt, a person must look
---@field approval_id integer  the prompt's, in SOAR
---@field request_id? string  GUID; absent where the prompt names none
---@field answer? "permit"|"reject"|"ignore"|"closed"|"undecided"  as it was read
---@field label? string  which of several labelled choices was answered
---@field answered_by? string  SOAR user
---@field answered_at? string  time

--- Reads one prompt and its answer, checks everything afresh, and permits, rejects or ignores once: what a chain does,
--- without a ledger. Calling it again is safe.
---@param soar threatlocker.soar
---@param approval_id integer  the prompt's, in SOAR
---@param options? threatlocker.resolve_options
---@return threatlocker.resolved|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:resolve_prompt(soar, approval_id, options) end
