"""What tables and columns are called in the record; columns in English are called as in the code."""

from __future__ import annotations

from portal.i18n import DEFAULT, language

TABLES = {
    "accounts": "账号",
    "second_factors": "第二重验证",
    "recovery_codes": "备用验证码",
    "open_identities": "单点登录身份",
    "sign_in_links": "邀请和重设密码的链接",
    "posts": "任职",
    "saved_views": "常用视图",
    "places": "地方",
    "place_groups": "地方分组",
    "place_group_members": "地方分组成员",
    "organisations": "机构",
    "organisation_aliases": "机构别名",
    "policies": "政策文件",
    "clauses": "政策条款",
    "files": "附件",
    "work_years": "放假安排",
    "work_days": "放假安排的日子",
    "runs": "后台作业",
    "run_records": "后台作业的处理",
    "calendar_feeds": "日历订阅",
    "notice_ways": "通知渠道",
    "notice_wishes": "通知选择",
    "notice_habits": "通知习惯",
    "delivery_records": "通知发送的处理",
    "deadlines": "时限",
    "deadline_pauses": "时限暂停",
    "deadline_extensions": "时限延长",
    "uploads": "导入",
    "imported_tables": "导入的表",
    "row_tables": "成批导入",
    "questions": "导入的疑问",
    "proposals": "送审",
    "revisions": "版本",
    "filing_terms": "报备和公示的要求",
    "preview_links": "预览链接",
    "filings": "报备和公示",
    "stamped_approvals": "盖章的批准件",
    "matters": "事项",
    "everyday_names": "事项俗称",
    "power_lists": "清单",
    "profile_fields": "方式说明",
    "delegations": "放权",
    "sub_items": "子项",
    "scope_exceptions": "适用范围的例外",
    "change_notes": "调整说明",
    "opinion_rounds": "征求意见",
    "opinions": "意见",
    "successions": "沿革",
    "duties": "职责",
    "service_points": "办事点",
    "choices": "下放方式的选择",
    "memoranda": "审管衔接备忘录",
    "memorandum_matters": "备忘录的事项",
    "memorandum_answers": "对备忘录的表态",
    "handover_terms": "承接方案的期限",
    "handover_plans": "承接方案",
    "handover_filings": "承接方案的报送",
    "handover_corrections": "承接期限的更正",
    "review_terms": "评估周期",
    "reviews": "定期评估",
    "review_lines": "评估意见",
    "review_adjustments": "按评估开的调整",
    "tasks": "改革任务",
    "task_units": "任务的单位",
    "milestones": "阶段目标",
    "progress_reports": "进展",
    "progress_evidence": "进展的佐证",
    "circulars": "调度通报",
    "circular_plans": "定期通报的安排",
    "reorganisations": "撤并",
    "reorganisation_successors": "撤并后的接手方",
    "audit_entries": "操作记录",
}

_ENGLISH = """
accounts=Account
second_factors=Second factor
recovery_codes=Recovery code
open_identities=Sign-in identity
sign_in_links=Invitation or password link
posts=Post
saved_views=Saved view
places=Place
place_groups=Group of places
place_group_members=Member of a group of places
organisations=Organisation
organisation_aliases=Other name of an organisation
policies=Policy document
clauses=Clause
files=File
work_years=Holiday arrangement
work_days=Day of a holiday arrangement
runs=Background work
run_records=Act on background work
calendar_feeds=Calendar subscription
notice_ways=Notice channel
notice_wishes=Notice choice
notice_habits=Notice habits
delivery_records=Act on a delivery
deadlines=Deadline
deadline_pauses=Pause of a deadline
deadline_extensions=Extension of a deadline
uploads=Import
imported_tables=Imported table
row_tables=Table of rows
questions=Question of an import
proposals=Proposal
revisions=Revision
filing_terms=Filing and announcement requirements
preview_links=Preview link
filings=Filing or announcement
stamped_approvals=Stamped approval
matters=Matter
everyday_names=Everyday name
power_lists=List
profile_fields=Meaning of a mode
delegations=Matter in a list
sub_items=Part of a matter
scope_exceptions=Exception for places
change_notes=Reason of a change
opinion_rounds=Request for opinions
opinions=Opinion
successions=Succession
duties=Duty
service_points=Service point
choices=Choice of a mode
memoranda=Memorandum
memorandum_matters=Matter of a memorandum
memorandum_answers=Answer to a memorandum
handover_terms=Terms of handover plans
handover_plans=Handover plan
handover_filings=Filing of a handover plan
handover_corrections=Correction of handover terms
review_terms=Interval of reviews
reviews=Periodic review
review_lines=Matter in a review
review_adjustments=Adjustment after a review
tasks=Reform task
task_units=Unit of a task
milestones=Milestone
progress_reports=Progress report
progress_evidence=Evidence of progress
circulars=Circular
circular_plans=Plan for regular circulars
reorganisations=Reorganisation
reorganisation_successors=Successor after a reorganisation
audit_entries=Record entry
"""
ENGLISH = dict(pair.split("=") for pair in _ENGLISH.strip().splitlines())

_FIELDS = """
account_id=账号 act=做了什么 active=启用 address=地址 amount=数量 annex=附件序号 announced=依据的通知
answer=答复 answered_at=答复时间 answered_by_id=答复人 applied_at=并入时间 asked_at=提出时间 asked_by_id=提出人
at=时间 base_number=在哪一版上改 basis=依据 begins_on=开始日 by_id=经办人 cause=原因 certainty=核实程度
changed_at=修改时间 changed_by_id=修改人 channel=方式 clause_id=条款 closed_at=关闭时间
compared_with=和哪一版比
closed_by_id=批准关闭的人 closed_reason=关闭理由 closing_asked_by_id=申请关闭的人 code=编码 content=内容
content_hash=内容校验值 counting=怎么数 counts_from=从哪天数起 created_at=建立时间 created_by_id=建立人
cross_border=跨区域 data=内容 dating=时间要求 day=日期 days=天数 deadline_id=时限 decided_at=决定时间
decided_by_id=决定人 decision_note=决定意见 delegation_id=放权 delivery_id=投递 demo=演示 difference=改动
earlier_of_id=是哪份清单以前的版本
digest_at=汇总时间 done_on=办结日 due_on=到期日 effective_on=生效日 email=电子邮箱 ended_on=终止日
ends_on=结束日 expected=预计 field=项目 file_id=附件 filed_at=报送时间 filed_by_id=报送人 fixed_on=固定日期
former_secret=旧密钥 former_until=旧密钥有效到 from_on=从哪天起 given_at=授予时间 given_by_id=授予人
granted_by=批准人 group_id=分组 hash=校验值 history=历史 hours=时间 hurry=加急 id=编号 identity=识别名
issued_on=印发日 issuer=印发机关 key=键 kind=种类 label=标签 language=语言 line=行 list_id=清单 login=登录名
made_at=生成时间 made_by_id=生成人 matter_id=事项 media_type=文件类型 message=说明 mode=方式 mode_label=原文写法
months=月数 name=名称 new_id=新的 note=备注 notes=备注 number=序号 office_id=牵头科室 official=正式 old_id=旧的
opened_on=立项日 opens=打开时用 organisation_id=机构 origin=来源 outcome=结果 owed_by_id=谁欠 owed_to_id=欠谁 paper=文书
page=页面 parameters=参数
parent_id=上级 password_hash=密码 percent=进度 person_id=责任人 phone=电话 place_id=地方 plan_id=方案
policy_id=文件 position=位置 printed=原文 printed_kind=原文种类 problems=问题 proposal_id=送审
proposed_at=送审时间 proposed_by_id=送审人 published=公开 published_at=公布时间 published_by_id=公布人
rank=排在哪一版之后
question=问题 quiet_from=免打扰起 quiet_until=免打扰止 reason=理由 reasons=理由 receivers=承接单位 ref=条款号
refusal=拒绝的原因 remark=备注 report_id=进展 reported_on=报告日 responsible=责任单位 review_id=评估 role=角色
rolls=顺延 round_id=轮次 run_id=作业 scope_id=适用范围 secret=密钥 secret_hash=密钥 seq=原文序号
settled_at=确认时间 settled_by_id=确认人 sha256=校验值 since=从哪天起 size=大小 skipped=跳过 slug=网址名
source=来源 stance=态度 started_by_id=启动人 state=状态 status=状态 status_document=依据文件
status_since=从哪天起 subject=对象 subject_id=对象编号 subject_kind=对象种类 table_id=表 target_id=并入哪个清单
task_id=任务 terms_id=期限 text=正文 timing=时机 title=标题 totals=控制数 totals_waived=说明时的数
totals_waiver=不一致的说明 type=类型 by_hand=表单加入的
until=到哪天为止 upload_id=导入 uscc=统一社会信用代码 validity=效力 value=内容 verdict=结论 version=第几版
volume=办件量 words=文字 year=年 year_id=年 added_at=加入时间 added_by_id=加入人 nature=性质 copies=抄送
done_at=办理时间 done_by_id=办理人 modes=方式 receipt_file_id=回执 receipt_on=回执日 revision_id=版本
linked_at=关联时间 public=公开 confirmed_at=启用时间 begun_at=开始时间 code_hash=验证码 token_hash=链接
sealed=链接 purpose=用途 expires_at=有效到 used_at=使用时间 sent_at=发出时间 next_at=下次发送 attempts=次数
error=出错 by_clock=定期生成 set_aside_by_id=搁置人 set_aside_at=搁置时间 through=经由 set_by_id=安排人
set_at=安排时间 made_for=给谁看 revoked_at=停用时间 revoked_by_id=停用人
standing_in_for_id=代谁 decided_for_id=代谁决定 closed_for_id=代谁批准关闭 by_for_id=代谁停办 ended_for_id=代谁恢复
left_out=不写入的行 bureau_id=审批局 department_id=主管部门 boundary=职责边界 pushes=推送和反馈 supports=技术支撑
every_matter=全部事项 valid_from=有效期从 valid_until=有效期到 bureau_contact=审批局联系方式
department_contact=部门联系方式 paper_id=签字文本 paper_public=文本公开 memorandum_id=备忘录 party=哪一方 agrees=同意
ended_reason=终止原因 former_name=原名 change=变动 moved=转移 reorganisation_id=撤并
"""

FIELDS = dict(pair.split("=") for pair in _FIELDS.split())


def table_word(name: str) -> str:
    """What a table is called in the reader's language; for what is none, its own name."""
    return (TABLES if language() == DEFAULT else ENGLISH).get(name, name)


def field_word(name: str) -> str:
    """What a column is called in the reader's language."""
    if language() == DEFAULT:
        return FIELDS.get(name, name)
    return (name.removesuffix("_id").replace("_", " ") or name).capitalize()
