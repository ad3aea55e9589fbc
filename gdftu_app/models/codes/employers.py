"""What is recorded of an employer: 单位性质, 经济类型, 所属行业."""

from gdftu_app.i18n import msg
from gdftu_app.models.codes.tables import CodeTable

# Enterprises bear the codes of 关于划分企业登记注册类型的规定 (国统字〔1998〕200号). From 400 on, trade unions continue
# that series with 400 事业, 500 机关, 600 个体 and 700 民办非企业; the division of 400 and 700, and 900, are ours.
EMPLOYER_NATURES = CodeTable(
    msg("单位性质"),
    {
        "110": msg("国有企业"),
        "120": msg("集体企业"),
        "130": msg("股份合作企业"),
        "140": msg("联营企业"),
        "151": msg("国有独资公司"),
        "159": msg("其他有限责任公司"),
        "161": msg("国有控股公司"),
        "169": msg("其他股份有限公司"),
        "170": msg("私营企业"),
        "190": msg("其他内资企业"),
        "200": msg("港澳台商投资企业"),
        "300": msg("外商投资企业"),
        "410": msg("财政拨款的事业单位"),
        "490": msg("其他事业单位"),
        "500": msg("机关"),
        "600": msg("个体经济组织"),
        "710": msg("社会团体"),
        "720": msg("民办非企业单位"),
        "730": msg("基金会"),
        "900": msg("其他组织"),
    },
)
# In the order of 关于经济类型划分的暂行规定 (国统字〔1992〕344号).
ECONOMIC_TYPES = CodeTable(
    msg("经济类型"),
    {
        "1": msg("国有经济"),
        "2": msg("集体经济"),
        "3": msg("私营经济"),
        "4": msg("个体经济"),
        "5": msg("联营经济"),
        "6": msg("股份制"),
        "7": msg("外商投资"),
        "8": msg("港澳台投资"),
        "9": msg("其他经济类"),
    },
)
# The sections (门类) of GB/T 4754-2017.
INDUSTRIES = CodeTable(
    msg("所属行业"),
    {
        "A": msg("农、林、牧、渔业"),
        "B": msg("采矿业"),
        "C": msg("制造业"),
        "D": msg("电力、热力、燃气及水生产和供应业"),
        "E": msg("建筑业"),
        "F": msg("批发和零售业"),
        "G": msg("交通运输、仓储和邮政业"),
        "H": msg("住宿和餐饮业"),
        "I": msg("信息传输、软件和信息技术服务业"),
        "J": msg("金融业"),
        "K": msg("房地产业"),
        "L": msg("租赁和商务服务业"),
        "M": msg("科学研究和技术服务业"),
        "N": msg("水利、环境和公共设施管理业"),
        "O": msg("居民服务、修理和其他服务业"),
        "P": msg("教育"),
        "Q": msg("卫生和社会工作"),
        "R": msg("文化、体育和娱乐业"),
        "S": msg("公共管理、社会保障和社会组织"),
        "T": msg("国际组织"),
    },
)
