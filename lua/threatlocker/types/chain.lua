---@meta _
--- The chain: its options, its steps, what it tells.
--- What no answer, rule or script exceeds. The defaults are the strictest. Storage permits are for one device and
--- path without allow_path_rules.
---@class threatlocker.limits
---@field max_scope? "computer"|"group"|"organization"  default "computer"
---@field allow_builtin? boolean  ThreatLocker's built-in applications, too
---@field allow_modes? ("installation"|"learning"|"monitor")[]  maintenance modes
---@field allow_path_rules? boolean  rules other than a hash, too
---@field max_expiry? integer  seconds within which a permit must end; default: it need not end

---@class threatlocker.chain_options
---@field name string  acts on prompts sealed for "chain:<name>"
---@field client threatlocker.client  which it reads and writes with
---@field soar threatlocker.soar  where the prompts are
---@field ledger string  path of the ledger; made when absent
---@field limits? threatlocker.limits  the ceiling
---@field words? threatlocker.words  what counts as yes and no
---@field max_answer_age? number  seconds, up to 366 days; default 86400
---@field since? string  ISO UTC time: prompts from then on count; default: the ledger's birth
---@field decide? threatlocker.decide  a last say after a yes
---@field event? fun(line: string)  gets one line of JSON (a threatlocker.event) per state change once the step is over; what a process that died may not have got comes again. Must not step the chain
---@field events? string  a file to which the same lines are appended, made with mode 0600 when absent, or "-" for standard output. They are on disk when the step returns; a step that cannot write them fails with "config", and they come again
---@field concurrency? integer  how many prompts are worked on side by side, 1 to 16; default 8
---@field answerers? integer  so many different people must say yes, each in a prompt of their own with the same seal, 1 to 5; default 1
---@field answerer_not_requester? boolean  none of them may be who asked
---@field on_expired? "leave"|"reject"|"ignore"  what becomes of a request whose prompt expired unanswered; default "leave"
---@field expired_grace? integer  seconds until then, up to 604800; default 0
---@field claims? boolean  for several chains on one SOAR: each claims a request by a container there before it acts
---@field claim_label? string  of those containers; default "events"
---@field claim_lease? integer  seconds after which a claim lapses, the same for all chains, more than twice the client's timeout; default 300

--- One state change of a prompt. Later versions may add members.
---@class threatlocker.event
---@field event string  "<ledger id>:<number>", the same for ever: a repeated event has the same
---@field time string  when it was written to the ledger
---@field state threatlocker.prompt_state  what it changed to
---@field approval_id integer  the prompt's, in SOAR
---@field request_id? string  GUID
---@field organization_id? string  GUID
---@field answer? "permit"|"reject"|"ignore"|"closed"|"undecided"  as it was read
---@field label? string  which of several labelled choices was answered
---@field answered_by? string  SOAR user
---@field operation_id? string  of the write; stands in the comments on record
---@field outcome? string  of the write
---@field verified? string  how the outcome was verified
---@field message? string  why

---@alias threatlocker.prompt_state
---| "foreign"  no prompt for this chain (in the history only)
---| "seen"|"answered"|"sending"|"permitted"|"rejected"|"ignored"
---| "left"  left to a person
---| "refused"|"unknown"

--- One line of the ledger's history.
---@class threatlocker.history_line
---@field id integer  its number in the ledger
---@field time string  when it was written to the ledger
---@field approval_id integer  the prompt's, in SOAR
---@field state threatlocker.prompt_state  what the prompt changed to
---@field request_id? string  GUID
---@field organization_id? string  GUID
---@field answer? "permit"|"reject"|"ignore"|"closed"|"undecided"  as it was read
---@field label? string  which of several labelled choices was answered
---@field answered_by? string  SOAR user
---@field answered_at? string  time
---@field operation_id? string  of the write; stands in the comments on record
---@field body_sha256? string  of what was sent
---@field outcome? string  of the write
---@field verified? string  how the outcome was verified
---@field message? string  why

--- Narrows or declines after a positive answer: true goes on, a choice narrows, nil and a reason (or an error)
--- leaves the prompt to a person. May call the client and soar, but not close them.
---@alias threatlocker.decide fun(prompt: table, request: threatlocker.row, details: threatlocker.permit_details, matches: threatlocker.application[]): true|threatlocker.choice|nil, string?

---@class threatlocker.chain
local chain = {}

---@class threatlocker.counts
---@field watched integer  sealed prompts still open, or answered and not yet acted on, after the step
---@field answered integer  seen as answered in this step
---@field sending integer  still in doubt
---@field permitted integer  in this step
---@field rejected integer  in this step
---@field ignored integer  in this step
---@field left integer  left to a person in this step
---@field refused integer  in this step, by us at the last check or by ThreatLocker
---@field unknown integer  outcome that stays unknown: a person must look

--- One poll, without sleeping beyond the settling of doubtful writes.
---@return threatlocker.counts|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function chain:step() end

---@alias threatlocker.on_step fun(counts: threatlocker.counts, failure?: threatlocker.failure): boolean?

---@class threatlocker.run_options
---@field on_step? threatlocker.on_step  called after every step; true ends run()
---@field signals? boolean  SIGTERM and SIGINT stop the chain, a second one ends the process at once with 128 + its number; both ways the next start settles what was in flight. The handlers before are back when run() returns. One chain of a process at a time

--- Repeats step(), 1 to 30 seconds apart as things move, until on_step returns true (then true), the chain is stopped
--- (then true, "stopped"), or an error comes that trying again does not mend. Retriable errors are handed to on_step.
---@param options? threatlocker.run_options|threatlocker.on_step
---@return true|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function chain:run(options) end

--- Makes a running step end soon and later ones at once, with "cancelled": what is in flight is finished within 8
--- seconds or parked in the ledger, from where the next start settles it. Ends the use of the chain's client and soar.
--- Allowed at any time, within the chain's own step too.
function chain:stop() end

--- The ledger's history, oldest first: who decided what, when, in which prompt, what came of it.
---@param request_id? string|threatlocker.row
---@return threatlocker.history_line[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function chain:history(request_id) end

--- Closes the ledger. What is in flight is settled by the next start.
function chain:close() end
