"""Invented names of unions, with their pinyin initials, at a speed that allows hundreds of thousands."""

from functools import cache
from random import Random

from pypinyin import Style, lazy_pinyin

PLACES = "云珠榕南北东西新石龙凤河江湖山海平安兴丰顺德清远明乐和宁康泰华阳桂莲梅竹松岭港塘沙坪溪桥"
BRANDS = "恒锐泽辰岭川粤泓嘉信达通盛隆昌鼎博远航睿卓越诚宏伟启腾飞朗晟铭源润裕瑞祥佳美联创智慧"
TRADES = [
    "精密制造",
    "注塑科技",
    "家电制造",
    "陶瓷",
    "五金制品",
    "纺织",
    "服装",
    "电子",
    "物流",
    "快递",
    "外卖配送",
    "餐饮",
    "酒店",
    "物业管理",
    "建筑工程",
    "装饰工程",
    "塑胶",
    "模具",
    "机械",
    "仪器",
    "化工",
    "医药",
    "生物科技",
    "信息技术",
    "软件",
    "网络科技",
    "贸易",
    "供应链",
    "食品",
    "饮料",
    "家具",
    "照明",
    "光电",
    "印刷",
    "包装",
    "环保",
    "能源",
    "电力",
    "水务",
    "燃气",
    "地产",
    "投资",
]
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "集团有限公司", "有限公司分公司", "厂", "中心")
PUBLIC = ["小学", "中学", "幼儿园", "医院", "卫生院", "社区居委会", "村委会", "供销社", "税务所", "派出所"]


@cache
def _initial(character: str) -> str:
    return lazy_pinyin(character, style=Style.FIRST_LETTER)[0][:1].lower()


def initials_of(name: str) -> str:
    """The pinyin initials of a name; characters without one stand for themselves."""
    return "".join(map(_initial, name))


def places(random: Random, count: int) -> list[str]:
    """Different place names of two characters, three when those run out."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(random.sample(PLACES, 2 if len(found) < 1_200 else 3))] = None
    return list(found)


def base_name(random: Random, city: str, county: str, town: str) -> str:
    """The name of a base union: place, brand, trade, legal form and 工会委员会, as registers show them."""
    if random.random() < 0.12:
        return f"{city}市{county}区{town}镇第{random.randint(1, 60)}{random.choice(PUBLIC)}工会委员会"
    place = random.choice((f"{city}市", f"{city}市{county}区", f"{city}市{county}区{town}镇", "广东", "", f"{city}"))
    brand = "".join(random.choices(BRANDS, k=2))
    return f"{place}{brand}{random.choice(TRADES)}{random.choice(FORMS)}工会委员会"
