"""Remit (职掌): which administrative power is handled where, by whom, and who answers for it.

The map, floor by floor; a floor imports only floors below it, a slice only slices before it.

foundation/
    rights          权限          what each role may do, and for which places
    audit           操作记录      who did what, from where, what stood before and after; nobody can change it
    siteversion     站点版本      counts every change of what the public can read
    files           附件          attachments by content, under ids of our own
    runs            后台作业      progress, result and retry of background work
    schedule        定时安排      what is done by the clock, when last and when next
    search          查找          tokens and index; other slices hand it rows
    places          地方          the tree of jurisdictions and its groups
    organisations   机构          bodies and their aliases
    accounts        账号          people, their posts and what these carry
    savedviews      常用视图      how a person wants to see a list of the staff door
    drafts          草稿          what a person has typed into a form and not saved yet
    signins         登录          passwords, second factors, links by e-mail, sessions
    policies        政策文件      documents and their clauses
    workdays        工作日        on which days people work, as the State Council announces them
    notifications   通知          outbox, inbox, receipts; channels outward
    deadlines       时限          everything owed: counted, reminded of, answered for
    reorganisations 撤并          places and bodies renamed, merged, split, ended, with all that hangs on them
    imports         导入          an upload, what was read of it, what a person settled
    publishing      公布          proposal, second person, revision, effective day
powers/
    matters         事项          powers and services, their types, codes and names
    lists           清单          annexes, modes, exceptions, answers
    duties          职责          who takes a matter over at a place, who regulates it
    points          办事点        where people go
    memoranda       衔接备忘录    what an approval bureau and a department agree on: who does what, who tells whom
    uptakes         承接公布      what one place makes public of its duties, points and choices
    handouts        地方清单      one list at one place, to print and post up
    handovers       承接方案      what each place owes for a list, its filings, what the reform office says
    reviews         定期评估      how each matter works in practice, asked of its department in turn
    filings         备案与公示    to whom a published list is filed, where it is announced, and the proof of each
    suspensions     紧急停办      a matter that an approver stops at once, until an adjustment settles it
oversight/
    tasks           改革任务      the ledger of what documents set: who leads, by when, how far it is
    circulars       调度通报      what was done in a period, what is late, who is ahead and who behind
site/               公众页面      the public pages that need several slices
api/                数据接口      the same for programs: JSON, OpenAPI, linked data
"""
