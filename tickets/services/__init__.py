"""Use cases of the tickets room, one function each.

Every function takes ``actor: User`` and ``now: datetime`` (aware, UTC) as keywords, those on an
existing defect also ``version: int | None = None`` (the row version the person's page was made
from); they return the ``Defect``. Refusals are the exceptions of ``workflow.errors``. ``files`` is
a sequence of uploaded files, empty by default. All texts marked * must say something
(``workflow.texts``).

Defects

====  ============================  ================================================= ========
No.   Function                      Further keywords                                  Module
====  ============================  ================================================= ========
D1    save_draft                    reporter, form: DefectInput, files, token         defects
D1    update_draft(defect)          form: DefectInput, files                          defects
D2    submit_new                    reporter, form: DefectInput, files, token,        defects
                                    source_consultation, recurrence_of, is_demo
D2    submit(defect)                form: DefectInput | None, files                   defects
D3    accept(defect)                                                                  triage
D4    return_for_information        opinion*                                          triage
D5    classify_technical            participants, basis*, module, assignee            triage
D6    classify_business             participants, basis*, module, assignee            triage
D7    convert_to_consultation       explainer, explanation*                           triage
D30   merge                         parent: Defect, opinion=""                        grouping
D31   unmerge                       opinion*                                          grouping
R41   link, unlink                  kind, target: Defect / tie: DefectLink            links
D29   withdraw                      opinion*                                          ending
D29   ask_withdrawal                opinion*                                          ending
D29   agree_, decline_withdrawal    opinion / opinion*                                ending
D33   ask_void                      cause, opinion*                                   ending
D33   confirm_, decline_void        opinion / opinion*                                ending
D9    back_to_triage                opinion*                                          processing
D13   not_confirmed                 opinion*                                          processing
D11   send_for_sign_off             plan: SolutionInput, confirmed=True, solvable=True,   processing
                                    files
D14   approve                       solution_hash, opinion=""                         signoff
D15   send_back                     opinion*                                          signoff
D17   start                         backup=""                                         execution
D19   finish                        steps*, result*, change: ChangeInput | None,          execution
                                    no_change_reason="", files
D20   fail                          opinion* (outcome of the roll-back)               execution
D21a  verify_solved                 evidence*, method*, files                         verification
D21b  verify_unsolved               opinion*                                          verification
R47   send_superior_report          content*                                          superior
R47   acknowledge_superior_report   opinion=""                                        superior
D8    reclassify                    opinion*                                          rulings
D8    agree_to_reclassify           assignee, opinion=""                              rulings
D8    refuse_to_reclassify          opinion*                                          rulings
D10   ask_groups                    groups, question*                                 opinions
D10   answer_group                  group: GroupOpinion, answer, opinion              opinions
D10   remove_group                  group: GroupOpinion, opinion*                     opinions
D11   save_plan                     content: JSON                                     plan_drafts
D12   state_unsolvable              cause_class, module, cause*, why*,                rulings
                                    alternatives*, workaround*
D12   cosign_unsolvable             opinion=""                                        rulings
D12   refuse_unsolvable             opinion*                                          rulings
D16   recall                        opinion=""                                        signoff
D18   change_plan                   opinion*                                          execution
D26   release_emergency             authoriser_name, authoriser_phone,                emergency
                                    authorised_at, reason*, solution_hash
D26   sign_emergency                solution_hash, opinion=""                         emergency
D27   decide                        decision, opinion*, vendor="", review_at=None     deferring
D28   resume                        opinion=""                                        deferring
D28   resume_by_date                (the engine)                                      deferring
R47   record_acknowledgement        name, acknowledged_on, files, opinion=""          superior
D22   reply                         recipient_kind, customer="", channel="desk",          replies
                                    solution*, analysis*, cause*, files
D23   accept_reply                  rating: int | None = None, comment=""             replies
D24   act_on_due                    (the engine "defects")                            follow_ups
D25   reopen                        opinion*                                          reopening
R49   receive, rate                 rating, comment=""                                receipts
I06   attach                        files, internal=False                             attachments
====  ============================  ================================================= ========

``DefectInput``, ``SolutionInput`` and ``ChangeInput`` are frozen dataclasses in
``tickets.services.inputs``; DefectInput(title, phenomenon, managed_object, contact_phone,
module="", found_at=None, operation_steps="", expected_result="", actual_result="", impact="",
reproducible="", environment="", urgency="S3", assigning_customer=""); SolutionInput(cause,
measures, impact, risk, rollback_plan, testing, planned_at, planned_implementer, change_kinds,
cause_class, module);
ChangeInput(kind, reason, before, after, result="success", level="ordinary").
"""
