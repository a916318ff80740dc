---@meta _
--- Splunk SOAR: approvals, runs, containers, playbooks. Records are as SOAR gives them.

---@class threatlocker.soar
local soar = {}

---@class threatlocker.approval_query
---@field status? string  "pending"
---@field type? string  "manual" = prompts and tasks
---@field not_pending? boolean  all but the pending ones
---@field container_id? integer  of this container
---@field min_id? integer  from this id on
---@field started_after? string  ISO UTC time
---@field closed_after? string  ISO UTC time
---@field descending? boolean  newest id first
---@field limit? integer  one request for at most so many records, 1 to 1000

--- Approval records, oldest id first. With `limit` also how many there are: `{ status = "pending", descending = true,
--- limit = 1 }` gives the newest pending one and the number of all.
---@param query? threatlocker.approval_query
---@return table[]|nil, integer|string? count_or_message, threatlocker.code? code, threatlocker.failure? failure
function soar:approvals(query) end

---@class threatlocker.approval_options
---@field block_results? boolean  the datapaths in place of the record

--- One record; with `block_results` its datapaths instead, as SOAR gives them.
---@param id integer
---@param options? threatlocker.approval_options
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:approval(id, options) end

--- The same datapaths; without an id as Splunk's page has the call.
---@param id? integer
---@return any|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:block_results(id) end

--- The detail view, without the asset's configuration and token.
---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:approval_summary(id) end

--- A live SOAR refuses it: the code is "not_found", the message says so.
---@param body table
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:create_approval(body) end

--- Approvals of one container.
---@param container_id integer
---@return table[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:container_approvals(container_id) end

--- One run of an action, as a whole.
---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:action_run(id) end

--- The runs of apps that an action run started: rows without result_data.
---@param action_run_id integer
---@return table[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:app_runs(action_run_id) end

--- One run of an app, with result_data.
---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:app_run(id) end

---@class threatlocker.container_query
---@field source_data_identifier? string  whole
---@field label? string  whole
---@field name? string  whole
---@field descending? boolean  newest id first
---@field limit? integer  one request for at most so many records, 1 to 1000

--- Containers, oldest id first.
---@param query? threatlocker.container_query
---@return table[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:containers(query) end

--- One container.
---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:container(id) end

---@class threatlocker.new_container: table
---@field name string  for people
---@field label string  one that SOAR knows, "events" say
---@field source_data_identifier? string  SOAR makes one container for it: then a lost reply is asked for again

---@class threatlocker.created_container
---@field id integer  the container's
---@field created boolean  false: it was there; also where this very call made it and SOAR's reply was lost
---@field artifacts? table  what SOAR tells of them
---@field new_artifact_ids? table  what SOAR tells of them

--- Makes a container. Members other than those above go to SOAR as they are.
---@param container threatlocker.new_container
---@return threatlocker.created_container|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:create_container(container) end

--- Adds a note to a container and returns its id. The content is Markdown.
---@param container_id integer
---@param title string
---@param content string
---@return integer|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:add_note(container_id, title, content) end

---@class threatlocker.playbook_start: table
---@field container_id integer  which the playbook works on
---@field playbook_id integer|string  number or "repository/name"
---@field scope? "new"|"all"|integer[]  default "new"
---@field inputs? table|string  the playbook's own

---@class threatlocker.playbook_options
---@field inputs_as_text? boolean  the inputs go as JSON in a text, as newer pages have it

--- Queues a run and returns its id.
---@param run threatlocker.playbook_start
---@param options? threatlocker.playbook_options
---@return integer|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:run_playbook(run, options) end

--- One run of a playbook.
---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:playbook_run(id) end

--- A prompt as its page outside of SOAR shows it. The token is the last part of the prompt's secure_link, and a secret.
---@param token string
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:external_prompt(token) end

--- SOAR's own version: a cheap check of address and credentials.
---@return string|nil version, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:version() end

---@class threatlocker.prompt_answer
---@field approval table  its record
---@field app_run? table  the prompt's run: who answered, and what
---@field app_run_note? string  why there is none
---@field reading "permit"|"reject"|"ignore"|"wait"|"closed"|"undecided"  by the default words; binds nothing
---@field reason string  for that reading
---@field responses? string[]  the answers, question by question
---@field answered_by? string  SOAR user
---@field answered_at? string  time

--- A prompt, its answer, and what the default words make of it.
---@param id integer
---@return threatlocker.prompt_answer|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:prompt_answer(id) end
