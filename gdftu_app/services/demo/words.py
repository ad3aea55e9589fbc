"""The words that invented names of companies and people are made of."""

from dataclasses import dataclass

FIRST_SYLLABLES = "岭云榕珠粤瀚锦禾澜骏铭晟宏启恒嘉卓朗荔羊沐江海南星正德信同景和安泰创博飞腾新中华远望森林鸿翔瑞丰盛隆"
SECOND_SYLLABLES = "川岫江海辉创禾泽捷达盛远通和顺源峰业智科诚信杰明佳美宇宁安泰华宝利丰凯悦航翔新立能铭邦"


@dataclass(frozen=True, slots=True)
class Trade:
    """What a company does: the words in its name, and its industry by GB/T 4754."""

    words: str
    industry: str


TRADES = tuple(
    Trade(words, industry)
    for industry, all_words in {
        "C": "电子科技 精密机械 电器 五金制品 塑胶制品 家具 服装 鞋业 陶瓷 食品 玩具 包装印刷 模具 电缆 照明 "
        "新能源科技 汽车零部件 智能装备 生物医药 化工 纸品 纺织 半导体 医疗器械 橡胶制品 饲料 精密注塑",
        "E": "建筑工程 装饰工程 市政工程 园林绿化工程",
        "F": "商贸 供应链管理 百货 医药连锁 汽车销售",
        "G": "物流 货运代理 港口装卸 客运 仓储",
        "H": "酒店管理 餐饮管理",
        "I": "软件科技 信息技术 网络科技 数据服务",
        "K": "物业管理 房地产开发",
        "L": "人力资源服务 会展服务 保安服务",
        "M": "检测技术 工程设计 环境科技",
        "N": "水务 环卫服务",
        "O": "家政服务 汽车维修",
        "R": "文化传播 体育产业",
    }.items()
    for words in all_words.split()
)


@dataclass(frozen=True, slots=True)
class Institution:
    """Employers that are no companies: how the place's name ends, industry, nature, economy and code prefix."""

    ending: str
    industry: str
    nature: str
    economy: str
    prefix: str


INSTITUTIONS = (
    Institution("第{number}小学", "P", "410", "1", "12"),
    Institution("第{number}中学", "P", "410", "1", "12"),
    Institution("第{number}幼儿园", "P", "720", "9", "52"),
    Institution("第{number}人民医院", "Q", "410", "1", "12"),
    Institution("社区卫生服务中心", "Q", "410", "1", "12"),
    Institution("第{number}社区居民委员会", "S", "900", "2", "59"),
    Institution("第{number}股份经济合作社", "S", "900", "2", "N2"),
    Institution("市政服务中心", "N", "490", "1", "12"),
)
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Form:
    """Legal form of a company: the end of its name, nature, economy; `weight` says how common it is."""

    ending: str
    nature: str
    economy: str
    weight: int


FORMS = (
    Form("有限公司", "170", "3", 46),
    Form("有限公司", "159", "6", 24),
    Form("股份有限公司", "169", "6", 6),
    Form("集团有限公司", "161", "1", 3),
    Form("（中国）有限公司", "300", "7", 5),
    Form("（香港）有限公司代表处", "200", "8", 1),
    Form("实业有限公司", "200", "8", 5),
    Form("厂", "170", "3", 6),
    Form("经营部", "600", "4", 3),
    Form("运营有限公司", "151", "1", 1),
)

SURNAMES = "陈李黄张梁林刘吴罗杨邓叶冯蔡何谢彭曾郑苏许潘朱周廖胡邱余邹欧阳莫卢谭温麦区关岑容简霍甘伍司徒招植"
FREQUENT_SURNAMES = "陈李黄张梁林刘吴罗杨邓叶冯蔡何谢彭曾郑苏许潘朱周廖胡邱余邹莫卢谭温"
MALE_SYLLABLES = "伟强明俊杰浩宇文志军峰鹏辉超斌涛健华建国平海波勇毅飞龙嘉豪子轩梓航泽锋荣坤信铭永康"
FEMALE_SYLLABLES = "丽敏静秀英燕芳娟玲慧婷雪梅欣怡晓琳佩瑶美珍思颖诗雅洁莹玉凤淑贞可盈嘉慧雯倩碧珠月婵"
