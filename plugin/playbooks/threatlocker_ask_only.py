"""
Asks a person about a ThreatLocker approval request, and does nothing else: a chain outside SOAR, here the one called night-shift, watches for the answer and acts on it. Unofficial: not made or endorsed by ThreatLocker or Splunk, and never imported into a live SOAR.
"""


import phantom.rules as phantom
import json
from datetime import datetime, timedelta


################################################################################
## Global Custom Code Start
################################################################################

def quoted(texts):
    """What a server said, as a note that renders none of it."""
    lines = [str(text).replace("`", "'") for text in texts if text]
    return "```\n" + "\n".join(lines) + "\n```"

################################################################################
## Global Custom Code End
################################################################################

@phantom.playbook_block()
def on_start(container):
    phantom.debug('on_start() called')

    # call 'get_request_1' block
    get_request_1(container=container)

    return


@phantom.playbook_block()
def get_request_1(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("get_request_1() called")

    ################################################################################
    # Read the request that this event is about.
    ################################################################################

    # phantom.debug('Action: {0} {1}'.format(action['name'], ('SUCCEEDED' if success else 'FAILED')))

    container_artifact_data = phantom.collect2(container=container, datapath=["artifact:*.cef.approvalRequestId","artifact:*.cef.organizationId","artifact:*.id"])

    parameters = []

    # build parameters list for 'get_request_1' call
    for container_artifact_item in container_artifact_data:
        if container_artifact_item[0] is not None:
            parameters.append({
                "request_id": container_artifact_item[0],
                "organization_id": container_artifact_item[1],
                "context": {'artifact_id': container_artifact_item[2]},
            })

    ################################################################################
    ## Custom Code Start
    ################################################################################

    # Write your custom code here...

    ################################################################################
    ## Custom Code End
    ################################################################################

    phantom.act("get request", parameters=parameters, name="get_request_1", assets=["threatlocker"], callback=match_applications_1)

    return


@phantom.playbook_block()
def match_applications_1(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("match_applications_1() called")

    ################################################################################
    # Which applications match the request's file?
    ################################################################################

    # phantom.debug('Action: {0} {1}'.format(action['name'], ('SUCCEEDED' if success else 'FAILED')))

    container_artifact_data = phantom.collect2(container=container, datapath=["artifact:*.cef.approvalRequestId","artifact:*.cef.organizationId","artifact:*.id"])

    parameters = []

    # build parameters list for 'match_applications_1' call
    for container_artifact_item in container_artifact_data:
        if container_artifact_item[0] is not None:
            parameters.append({
                "request_id": container_artifact_item[0],
                "organization_id": container_artifact_item[1],
                "context": {'artifact_id': container_artifact_item[2]},
            })

    ################################################################################
    ## Custom Code Start
    ################################################################################

    # Write your custom code here...

    ################################################################################
    ## Custom Code End
    ################################################################################

    phantom.act("match applications", parameters=parameters, name="match_applications_1", assets=["threatlocker"], callback=check_facts)

    return


@phantom.playbook_block()
def check_facts(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("check_facts() called")

    ################################################################################
    # Go on only with what ThreatLocker really said.
    ################################################################################

    # check for 'if' condition 1
    found_match_1 = phantom.decision(
        container=container,
        conditions=[
            ["get_request_1:action_result.status", "==", "success"],
            ["match_applications_1:action_result.status", "==", "success"]
        ],
        delimiter=None)

    # call connected blocks if condition 1 matched
    if found_match_1:
        choose_application(action=action, success=success, container=container, results=results, handle=handle)
        return

    # check for 'else' condition 2
    note_unreadable(action=action, success=success, container=container, results=results, handle=handle)

    return


@phantom.playbook_block()
def note_unreadable(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("note_unreadable() called")

    ################################################################################
    ## Custom Code Start
    ################################################################################

    # Write your custom code here...

    ################################################################################
    ## Custom Code End
    ################################################################################

    phantom.add_note(container=container, content="The request or its matching applications could not be read; the actions of this event say why. The request is as it was.", note_format="markdown", note_type="general", title="ThreatLocker: nobody was asked")

    return


@phantom.playbook_block()
def choose_application(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("choose_application() called")

    ################################################################################
    # One matching application of the organization's own, or else a new one for
    # this very file, on this computer. Anything else is left to a person.
    ################################################################################

    get_request_1_result_data = phantom.collect2(container=container, datapath=["get_request_1:action_result.data.*.approvalRequestId","get_request_1:action_result.data.*.requestKind","get_request_1:action_result.data.*.path"], action_results=results)
    match_applications_1_result_data = phantom.collect2(container=container, datapath=["match_applications_1:action_result.data.*.applicationId","match_applications_1:action_result.data.*.isBuiltIn"], action_results=results)

    get_request_1_result_item_0 = [item[0] for item in get_request_1_result_data]
    get_request_1_result_item_1 = [item[1] for item in get_request_1_result_data]
    get_request_1_result_item_2 = [item[2] for item in get_request_1_result_data]
    match_applications_1_result_item_0 = [item[0] for item in match_applications_1_result_data]
    match_applications_1_result_item_1 = [item[1] for item in match_applications_1_result_data]

    choose_application__application = None
    choose_application__application_id = None
    choose_application__name = None
    choose_application__hash_rule = None
    choose_application__reason = None

    ################################################################################
    ## Custom Code Start
    ################################################################################

    # What a yes would permit, as narrow as can be. Whoever is asked reads it; what is not clear is left to a person.
    choose_application__application = ""
    choose_application__application_id = ""
    choose_application__name = ""
    choose_application__hash_rule = False
    choose_application__reason = ""

    requests = {item for item in get_request_1_result_item_0 if item}
    kinds = {item for item in get_request_1_result_item_1 if item}
    paths = [item for item in get_request_1_result_item_2 if item]
    own = {item[0] for item in match_applications_1_result_data if item[0] and item[1] is False}
    builtins = {item[0] for item in match_applications_1_result_data if item[0]} - own

    if len(requests) != 1 or kinds != {"application"} or not paths:
        choose_application__reason = "This event is not about exactly one request for an application. Decide in the ThreatLocker portal."
    elif len(own) > 1:
        choose_application__reason = "Several applications match this file. Decide in the ThreatLocker portal which one is meant."
    elif builtins and not own:
        choose_application__reason = "Only built-in applications match this file: a permit would be for the whole organization. Decide in the ThreatLocker portal."
    elif own:
        choose_application__application = "matching"
        choose_application__application_id = own.pop()
    else:
        choose_application__application = "new"
        choose_application__name = paths[0].replace("\\", "/").split("/")[-1]
        choose_application__hash_rule = True

    ################################################################################
    ## Custom Code End
    ################################################################################

    phantom.save_run_data(key="choose_application:application", value=json.dumps(choose_application__application))
    phantom.save_run_data(key="choose_application:application_id", value=json.dumps(choose_application__application_id))
    phantom.save_run_data(key="choose_application:name", value=json.dumps(choose_application__name))
    phantom.save_run_data(key="choose_application:hash_rule", value=json.dumps(choose_application__hash_rule))
    phantom.save_run_data(key="choose_application:reason", value=json.dumps(choose_application__reason))

    check_choice(container=container)

    return


@phantom.playbook_block()
def check_choice(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("check_choice() called")

    ################################################################################
    # Was there one clear choice?
    ################################################################################

    choose_application__application = json.loads(_ if (_ := phantom.get_run_data(key="choose_application:application")) != "" else "null")  # pylint: disable=used-before-assignment

    # check for 'if' condition 1
    found_match_1 = phantom.decision(
        container=container,
        logical_operator="or",
        conditions=[
            [choose_application__application, "==", "matching"],
            [choose_application__application, "==", "new"]
        ],
        delimiter=None)

    # call connected blocks if condition 1 matched
    if found_match_1:
        prepare_prompt_1(action=action, success=success, container=container, results=results, handle=handle)
        return

    # check for 'else' condition 2
    note_left(action=action, success=success, container=container, results=results, handle=handle)

    return


@phantom.playbook_block()
def note_left(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("note_left() called")

    choose_application__reason = json.loads(_ if (_ := phantom.get_run_data(key="choose_application:reason")) != "" else "null")  # pylint: disable=used-before-assignment

    ################################################################################
    ## Custom Code Start
    ################################################################################

    # Write your custom code here...

    ################################################################################
    ## Custom Code End
    ################################################################################

    phantom.add_note(container=container, content=choose_application__reason, note_format="markdown", note_type="general", title="ThreatLocker: nobody was asked")

    return


@phantom.playbook_block()
def prepare_prompt_1(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("prepare_prompt_1() called")

    ################################################################################
    # Plan the permit, and seal it together with the facts into the text of a
    # prompt.
    ################################################################################

    # phantom.debug('Action: {0} {1}'.format(action['name'], ('SUCCEEDED' if success else 'FAILED')))

    get_request_1_result_data = phantom.collect2(container=container, datapath=["get_request_1:action_result.data.*.approvalRequestId","get_request_1:action_result.data.*.organizationId","get_request_1:action_result.parameter.context.artifact_id"], action_results=results)
    choose_application__application = json.loads(_ if (_ := phantom.get_run_data(key="choose_application:application")) != "" else "null")  # pylint: disable=used-before-assignment
    choose_application__application_id = json.loads(_ if (_ := phantom.get_run_data(key="choose_application:application_id")) != "" else "null")  # pylint: disable=used-before-assignment
    choose_application__name = json.loads(_ if (_ := phantom.get_run_data(key="choose_application:name")) != "" else "null")  # pylint: disable=used-before-assignment
    choose_application__hash_rule = json.loads(_ if (_ := phantom.get_run_data(key="choose_application:hash_rule")) != "" else "null")  # pylint: disable=used-before-assignment

    parameters = []

    # build parameters list for 'prepare_prompt_1' call
    for get_request_1_result_item in get_request_1_result_data:
        if get_request_1_result_item[0] is not None:
            parameters.append({
                "request_id": get_request_1_result_item[0],
                "organization_id": get_request_1_result_item[1],
                "executor": "chain:night-shift",
                "application": choose_application__application,
                "application_id": choose_application__application_id,
                "name": choose_application__name,
                "scope": "computer",
                "hash_rule": choose_application__hash_rule,
                "context": {'artifact_id': get_request_1_result_item[2]},
            })

    ################################################################################
    ## Custom Code Start
    ################################################################################

    # Write your custom code here...

    ################################################################################
    ## Custom Code End
    ################################################################################

    phantom.act("prepare prompt", parameters=parameters, name="prepare_prompt_1", assets=["threatlocker"], callback=check_prepared)

    return


@phantom.playbook_block()
def check_prepared(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("check_prepared() called")

    ################################################################################
    # Without a sealed text there is nothing to ask.
    ################################################################################

    # check for 'if' condition 1
    found_match_1 = phantom.decision(
        container=container,
        conditions=[
            ["prepare_prompt_1:action_result.status", "==", "success"]
        ],
        delimiter=None)

    # call connected blocks if condition 1 matched
    if found_match_1:
        ask_for_threatlocker_chain(action=action, success=success, container=container, results=results, handle=handle)
        return

    # check for 'else' condition 2
    note_not_prepared(action=action, success=success, container=container, results=results, handle=handle)

    return


@phantom.playbook_block()
def note_not_prepared(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("note_not_prepared() called")

    prepare_prompt_1_result_data = phantom.collect2(container=container, datapath=["prepare_prompt_1:action_result.message"], action_results=results)

    prepare_prompt_1_result_item_0 = [item[0] for item in prepare_prompt_1_result_data]

    ################################################################################
    ## Custom Code Start
    ################################################################################

    prepare_prompt_1_result_item_0 = quoted(prepare_prompt_1_result_item_0)

    ################################################################################
    ## Custom Code End
    ################################################################################

    phantom.add_note(container=container, content=prepare_prompt_1_result_item_0, note_format="markdown", note_type="general", title="ThreatLocker: nobody was asked")

    return


@phantom.playbook_block()
def ask_for_threatlocker_chain(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("ask_for_threatlocker_chain() called")

    ################################################################################
    # The text as it was prepared: what is read here is what the chain can permit.
    ################################################################################

    # set approver and message variables for phantom.prompt call

    user = None
    role = "Administrator"
    message = """{0}"""

    # parameter list for template variable replacement
    parameters = [
        "prepare_prompt_1:action_result.data.*.message"
    ]

    # responses
    response_types = [
        {
            "prompt": "Decision",
            "options": {
                "type": "list",
                "required": True,
                "choices": [
                    "Permit",
                    "Reject",
                    "Ignore"
                ],
            },
        }
    ]

    phantom.prompt2(container=container, user=user, role=role, message=message, respond_in_mins=30, name="ask_for_threatlocker_chain", parameters=parameters, response_types=response_types, callback=check_answered)

    return


@phantom.playbook_block()
def check_answered(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("check_answered() called")

    ################################################################################
    # Was the prompt answered? What the answer says is the chain's to read.
    ################################################################################

    # check for 'if' condition 1
    found_match_1 = phantom.decision(
        container=container,
        conditions=[
            ["ask_for_threatlocker_chain:action_result.status", "==", "success"]
        ],
        delimiter=None)

    # call connected blocks if condition 1 matched
    if found_match_1:
        note_answered(action=action, success=success, container=container, results=results, handle=handle)
        return

    # check for 'else' condition 2
    note_not_answered(action=action, success=success, container=container, results=results, handle=handle)

    return


@phantom.playbook_block()
def note_answered(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("note_answered() called")

    ################################################################################
    ## Custom Code Start
    ################################################################################

    # Write your custom code here...

    ################################################################################
    ## Custom Code End
    ################################################################################

    phantom.add_note(container=container, content="The prompt was answered. The chain night-shift reads the answer and acts on it; its history says what came of it.", note_format="markdown", note_type="general", title="ThreatLocker: the chain acts now")

    return


@phantom.playbook_block()
def note_not_answered(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
    phantom.debug("note_not_answered() called")

    ################################################################################
    ## Custom Code Start
    ################################################################################

    # Write your custom code here...

    ################################################################################
    ## Custom Code End
    ################################################################################

    phantom.add_note(container=container, content="The prompt ended without an answer. The request is as it was: run this playbook again, or decide in the ThreatLocker portal.", note_format="markdown", note_type="general", title="ThreatLocker: nobody answered")

    return


@phantom.playbook_block()
def on_finish(container, summary):
    phantom.debug("on_finish() called")

    ################################################################################
    ## Custom Code Start
    ################################################################################

    # Write your custom code here...

    ################################################################################
    ## Custom Code End
    ################################################################################

    return
