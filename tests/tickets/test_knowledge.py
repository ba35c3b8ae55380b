"""Knowledge: proposed, published by another, found by two characters, used in a call (C8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import RoleGrant, User
from audit.models import Event
from notifications.models import Message
from operations.models import ManagedObject
from tickets.actions_knowledge import KNOWLEDGE_ACTIONS
from tickets.knowledge_search import matching, suggest
from tickets.models import Consultation, KnowledgeArticle
from tickets.services import knowledge
from tickets.services.consultations import Question, record_consultation
from tickets.services.knowledge import Wording
from workflow.errors import InvalidInput, NotAllowed, WrongState
from workflow.grams import grams

SignIn = Callable[[User], Client]
QUESTION = "商户号在哪个菜单里查询?"
ANSWER = "在“商户管理—综合查询”里输入商户号或终端号即可。"
PEOPLE = [
    "reporter", "agent", "support", "tech", "biz", "supervisor", "implementer", "monitor",
    "superior", "manager", "sysadmin", "secadmin", "auditor", "outsider",
]  # fmt: skip
WRITERS = ["agent", "support", "tech", "biz"]
# proposed: by the agent · revised: published, and a second version by the agent waits.
MAY: dict[str, dict[str, list[str]]] = {
    "proposed": {"publish": ["support"], "decline": ["support"]},
    "published": {"revise": WRITERS, "retire": ["support"]},
    "revised": {"publish": ["support"], "decline": ["support"]},
    "declined": {"revise": WRITERS},
    "retired": {},
}


@pytest.fixture(autouse=True)
def _morning(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def at(agent: User, support: User, now: datetime) -> Callable[..., KnowledgeArticle]:
    """An article in a state: ``at("published", public=True)``."""

    def make(state: str, **words: Any) -> KnowledgeArticle:
        texts = {"title": "怎样查询商户号", "question": QUESTION, "answer": ANSWER} | words
        article = knowledge.propose(actor=agent, now=now, wording=Wording(**texts))
        if state in ("published", "revised", "retired"):
            article = knowledge.publish(article, actor=support, now=now)
        if state == "declined":
            knowledge.decline(article, actor=support, now=now, opinion="请补充菜单路径")
        if state == "retired":
            knowledge.retire(article, actor=support, now=now, opinion="新版系统菜单已变更")
        if state == "revised":
            texts["answer"] = ANSWER + "也可按名称查询。"
            knowledge.revise(article, actor=agent, now=now, wording=Wording(**texts))
        article.refresh_from_db()
        return article

    return make


@pytest.mark.parametrize("state", list(MAY))
def test_c8_the_table_says_who_may(
    state: str, at: Any, request: pytest.FixtureRequest, signed_in: SignIn
) -> None:
    """Every act × person; a forged POST of anybody else is refused and changes nothing."""
    article = at(state)
    wrong = []
    for person in PEOPLE:
        user = request.getfixturevalue(person)
        client = signed_in(user)
        seen = KnowledgeArticle.objects.visible_to(user).filter(pk=article.pk).exists()
        for action in KNOWLEDGE_ACTIONS:
            expected = person in MAY[state].get(action.code, [])
            if (seen and bool(action.policy(user, article))) != expected:
                wrong.append(f"{person} {action.code}: not {expected}")
            if not expected:
                url = f"/knowledge/{article.number}/do/{action.code}/"
                if client.post(url, {"opinion": ANSWER}).status_code not in (403, 404, 409):
                    wrong.append(f"{person} {action.code}: forged")
    assert wrong == []
    before = article.row_version
    article.refresh_from_db()
    assert article.row_version == before


def test_c8_an_answer_is_proposed_from_its_consultation_and_published_by_another(
    agent: User, support: User, reporter: User, system: ManagedObject, now: datetime,
    signed_in: SignIn,
) -> None:  # fmt: skip
    """The whole way over the pages: from the record to what a bank user reads."""
    consultation = record_consultation(
        actor=agent, now=now, answer=ANSWER, close=True,
        question=Question(
            caller=reporter, caller_name="张丽", caller_phone="8012", unit=reporter.organisation,
            channel="hotline", managed_object=system, question=QUESTION, started_at=now,
            category="query",
        ),
    )  # fmt: skip
    client = signed_in(agent)
    page = client.get(f"/consultations/{consultation.number}/").content.decode()
    assert f"/knowledge/new/?from={consultation.number}" in page
    form = client.get(f"/knowledge/new/?from={consultation.number}").context["form"]
    assert (form["answer"].value(), form["category"].value()) == (ANSWER, "query")
    posted = {
        "from": consultation.number, "title": "怎样查询商户号", "question": QUESTION,
        "answer": ANSWER, "category": "query", "public": "on", "token": str(uuid4()),
    }  # fmt: skip
    assert client.post("/knowledge/new/", posted).status_code == 302
    assert client.post("/knowledge/new/", posted).status_code == 302  # a double click
    article = KnowledgeArticle.objects.get()
    assert article.number == "ZS-20261123-0001"
    assert (article.state, article.source, article.author) == ("proposed", consultation, agent)
    bank = signed_in(reporter)
    assert bank.get(article.get_absolute_url()).status_code == 404
    assert Message.objects.filter(recipient=support, channel="in_app").count() == 1

    url = f"/knowledge/{article.number}/do/publish/"
    assert signed_in(support).post(url, {"version": article.row_version}).status_code == 302
    assert ANSWER in bank.get(article.get_absolute_url()).content.decode()
    assert [e.action for e in Event.objects.about(article).order_by("seq")] == [
        "knowledge.propose", "knowledge.publish",
    ]  # fmt: skip


def test_c8_nobody_publishes_the_own_version(
    now: datetime, support: User, make_person: Any, company: Any
) -> None:
    """Four-eyes per person: not with the role, not from a second account, not past the model."""
    article = knowledge.propose(
        actor=support, now=now, wording=Wording("怎样查询商户号", QUESTION, ANSWER)
    )
    twin = make_person("lina2", "李娜", company, "support", staff_no=support.staff_no)
    for person in (support, twin):
        with pytest.raises(NotAllowed) as refused:
            knowledge.publish(article, actor=person, now=now)
        assert refused.value.code == "four_eyes_author"
    version = article.versions.get()
    version.state, version.decided_by = "published", support
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


def test_c8_who_lost_the_role_meanwhile_does_not_publish(
    at: Any, support: User, now: datetime
) -> None:
    article = at("proposed")
    RoleGrant.objects.filter(user=support).update(role="agent")
    with pytest.raises(NotAllowed):
        knowledge.publish(article, actor=User.objects.get(pk=support.pk), now=now)


def test_c8_the_published_version_counts_until_the_next_is_published(
    at: Any, support: User, reporter: User, now: datetime, signed_in: SignIn
) -> None:
    article = at("revised", public=True)
    bank = signed_in(reporter)
    assert "也可按名称查询" not in bank.get(article.get_absolute_url()).content.decode()
    desk = signed_in(support).get(f"/knowledge/{article.number}/do/publish/").content.decode()
    assert "也可按名称查询" in desk
    assert "<del>" in desk
    knowledge.publish(article, actor=support, now=now)
    assert "也可按名称查询" in bank.get(article.get_absolute_url()).content.decode()
    assert list(article.versions.values_list("version", "state")) == [
        (2, "published"), (1, "superseded"),
    ]  # fmt: skip


def test_c8_a_declined_one_is_written_again(at: Any, agent: User, support: User, now: Any) -> None:
    article = at("declined")
    told = Message.objects.filter(recipient=agent, channel="in_app")
    assert told.count() == 1
    same = Wording("怎样查询商户号", QUESTION, ANSWER)
    with pytest.raises(InvalidInput):
        knowledge.revise(article, actor=agent, now=now, wording=same)
    better = Wording("怎样查询商户号", QUESTION, ANSWER + "路径:主菜单第二项。")
    knowledge.revise(article, actor=agent, now=now, wording=better)
    knowledge.publish(article, actor=support, now=now)
    article.refresh_from_db()
    assert (article.state, article.version) == ("published", 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("商户", True), ("户号", True), ("菜单", True), ("pos", True), ("ＰＯＳ", True),
        ("商户号 菜单", True), ("ZS-20261123-0001", True), ("0001", False), ("返佣", False),
        ("商户 返佣", False), ("查", True), ("终", False), ("号商", False),
        ("", True), ("%", False),
    ],
)  # fmt: skip
def test_c8_words_of_two_characters_are_found(text: str, found: bool, at: Any) -> None:
    """Chinese has no word boundaries; every piece must occur; full width counts as plain."""
    at("published", keywords="POS 机具")
    assert matching(KnowledgeArticle.objects.all(), text).exists() is found


def test_grams_are_pairs_and_whole_words() -> None:
    assert grams("商户号 POS机") == ["商户", "户号", "pos"]
    assert grams("查") == []
    assert grams("１００笔 Ab") == ["100", "ab"]
    assert grams("商户商户") == ["商户", "户商"]


def test_c8_suggestions_rank_by_what_they_share(at: Any, agent: User) -> None:
    """Published ones only; one shared pair is not enough."""
    best = at("published")
    at(
        "published",
        title="终端号查询",
        question="终端号在哪里看到",
        answer="在终端管理里查询终端号。",
    )
    at("proposed", title="商户号查询菜单位置")
    found = suggest("客户问商户号从哪个菜单查询", actor=agent)
    assert found[0] == best
    assert all(each.state == "published" for each in found)
    assert suggest("怎么", actor=agent) == []


def test_c8_readers_say_whether_it_helped_and_may_change_their_mind(
    at: Any, reporter: User, agent: User, signed_in: SignIn
) -> None:
    article = at("published", public=True)
    for person, useful in ((reporter, "0"), (agent, "1"), (reporter, "1")):
        url = f"/knowledge/{article.number}/opinion/"
        assert signed_in(person).post(url, {"useful": useful}).status_code == 302
    assert list(article.opinions.order_by("pk").values_list("useful", flat=True)) == [True, True]
    facts = dict(signed_in(reporter).get(article.get_absolute_url()).context["facts"])
    assert 2 in facts.values()


def test_c8_what_is_not_published_is_not_judged(at: Any, agent: User, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        knowledge.judge(at("proposed"), actor=agent, now=now, useful=True)


def test_c8_the_bank_reads_public_articles_only(
    at: Any, reporter: User, monitor: User, sysadmin: User, signed_in: SignIn
) -> None:
    inside, outside = at("published"), at("published", public=True, title="对外公开的一条")
    for person in (reporter, monitor):
        client = signed_in(person)
        rows = client.get("/knowledge/").context["page"].rows
        assert rows == [outside]
        assert client.get(inside.get_absolute_url()).status_code == 404
        assert client.get("/knowledge/?q=商户").context["page"].total == 1
    assert signed_in(sysadmin).get("/knowledge/").status_code == 403


def test_c8_an_answer_names_the_article_it_was_taken_from(
    at: Any, agent: User, reporter: User, system: ManagedObject, now: datetime, signed_in: SignIn
) -> None:
    """Its version is kept; an unpublished or made-up number is refused beside the field."""
    article, proposed = at("published"), at("proposed", title="另一条待发布的")
    question = Question(
        caller=reporter, caller_name="张丽", caller_phone="8012", unit=reporter.organisation,
        channel="hotline", managed_object=system, question=QUESTION, started_at=now,
    )  # fmt: skip
    open_one = record_consultation(actor=agent, now=now, question=question, close=False)
    client = signed_in(agent)
    url = f"/consultations/{open_one.number}/do/close/"
    for number in (proposed.number, "ZS-1"):
        answer = client.post(url, {"answer": ANSWER, "knowledge": number})
        assert answer.status_code == 422
        assert "knowledge" in answer.context["form"].errors
    assert client.post(url, {"answer": ANSWER, "knowledge": article.number}).status_code == 302
    closed = Consultation.objects.get(pk=open_one.pk)
    assert (closed.knowledge, closed.knowledge_version) == (article, 1)
    assert article.number in client.get(f"/consultations/{closed.number}/").content.decode()


def test_c8_a_retired_one_is_suggested_no_more(at: Any, agent: User, now: datetime) -> None:
    article = at("retired")
    assert suggest(QUESTION, actor=agent) == []
    with pytest.raises(WrongState):
        knowledge.retire(article, actor=User.objects.get(username="lina"), now=now, opinion=ANSWER)


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("question", "略"), ("answer", "无"), ("answer", "")]
)
def test_c8_an_article_says_something(
    field: str, value: str, agent: User, signed_in: SignIn
) -> None:
    form = {"title": "怎样查询商户号", "question": QUESTION, "answer": ANSWER, "category": "query"}
    page = signed_in(agent).post("/knowledge/new/", form | {field: value})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not KnowledgeArticle.objects.exists()


def test_c8_the_list_costs_a_fixed_number_of_queries(
    at: Any, agent: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        at("published", title=f"第 {number} 条")
    client = signed_in(agent)
    with django_assert_max_num_queries(14):
        page = client.get("/knowledge/?q=商户")
    assert len(page.context["page"]) == 12


def test_c8_over_the_api(at: Any, agent: User, support: User, signed_in: SignIn) -> None:
    """Proposed, published by another, searched, judged; the author is refused."""
    client = signed_in(agent)
    body = {"title": "怎样查询商户号", "question": QUESTION, "answer": ANSWER, "category": "query"}
    made = client.post("/api/v1/knowledge/", body, content_type="application/json")
    assert made.status_code == 201
    number = made.json()["number"]
    url = f"/api/v1/knowledge/{number}/actions/publish/"
    assert client.post(url, {}, content_type="application/json").status_code == 403
    done = signed_in(support).post(url, {}, content_type="application/json")
    assert done.json()["state"] == "published"
    found = client.get("/api/v1/knowledge/?q=户号").json()["results"]
    assert [each["number"] for each in found] == [number]
    said = client.post(
        f"/api/v1/knowledge/{number}/opinion/", {"useful": True}, content_type="application/json"
    )
    assert said.status_code == 204
