"""What only makes a question of a query, left out step by step until something can be found. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ASKING = """
请问 你好 您好 我们 我家 我想要 我想 我要 我 想要 想 打算 准备 怎么样 怎么办理 怎么办 怎么 怎样 如何
去哪里 去哪儿 去哪 到哪里 到哪儿 在哪里 在哪儿 在哪 哪里 哪儿 哪些 哪个部门 什么部门 谁管
需要什么 需要 要什么 什么 多久 多长时间 多少钱 流程 手续 材料 条件 程序 地点 地址 电话
可以 能不能 能否 能 要不要 要 办理 办 申请 申办 一下 一个 吗 呢 呀 啊 吧 的话
"""
"""Words around what is wanted."""
_DOING = """
开办 开设 新开 开 成立 设立 注册 领取 领 拿 补办 换 交 缴 做 搞 取得 取 去 在 到 把 给 的
"""
"""Words that may belong to what is wanted: left out last, and only where a word begins with them."""
PUNCTUATION = re.compile(r"[\s,，.。;；:：!！?？、~～…“”\"'()（）\[\]【】<>《》]+")
ASKING = re.compile("|".join(sorted(map(re.escape, _ASKING.split()), key=len, reverse=True)))
DOING = tuple(_DOING.split())
SHORTEST = 2
"""Less than two characters left of a word say nothing."""


def reduced(query: str) -> Iterator[str]:
    """The query without its punctuation, then without what asks, then without what is done; words parted by spaces.

    办营业执照 gives 营业执照; 开饭店要办什么证 gives 开饭店 and then 饭店.
    """
    bare = PUNCTUATION.sub(" ", unicodedata.normalize("NFKC", query).casefold()).strip()
    yield bare
    said = [word for word in ASKING.sub(" ", bare).split() if len(word) >= SHORTEST]
    yield " ".join(said)
    stripped = [_stripped(word) for word in said]
    yield " ".join(word for word in stripped if len(word) >= SHORTEST)


def _stripped(word: str) -> str:
    for doing in DOING:
        if word.startswith(doing) and len(word) - len(doing) >= SHORTEST:
            return _stripped(word.removeprefix(doing))
    return word
