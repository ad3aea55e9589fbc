"""What is recorded of a member: 学历, 政治面貌, 户籍类型, 就业状况, 技术等级, 职业群体."""

from gdftu_app.i18n import msg
from gdftu_app.models.codes.tables import CodeTable

# GB/T 4658-2006, each level by its code for a completed course; 81 gathers everything below 初中.
EDUCATION_LEVELS = CodeTable(
    msg("学历"),
    {
        "11": msg("博士"),
        "14": msg("硕士"),
        "21": msg("本科"),
        "31": msg("大专"),
        "41": msg("中专"),
        "61": msg("高中"),
        "71": msg("初中"),
        "81": msg("小学及以下"),
    },
)
# GB/T 4762-1984, by its short names.
POLITICAL_AFFILIATIONS = CodeTable(
    msg("政治面貌"),
    {
        "01": msg("中共党员"),
        "02": msg("中共预备党员"),
        "03": msg("共青团员"),
        "04": msg("民革会员"),
        "05": msg("民盟盟员"),
        "06": msg("民建会员"),
        "07": msg("民进会员"),
        "08": msg("农工党党员"),
        "09": msg("致公党党员"),
        "10": msg("九三学社社员"),
        "11": msg("台盟盟员"),
        "12": msg("无党派民主人士"),
        "13": msg("群众"),
    },
)
# GA/T 2000.27; 10 and 20 are what booklets issued since the two kinds of 户口 were merged say.
HOUSEHOLD_TYPES = CodeTable(
    msg("户籍类型"),
    {
        "10": msg("家庭户口"),
        "11": msg("非农业家庭户口"),
        "12": msg("农业家庭户口"),
        "20": msg("集体户口"),
        "21": msg("非农业集体户口"),
        "22": msg("农业集体户口"),
        "30": msg("未落常住户口"),
        "90": msg("其他户口"),
    },
)
# The numbers are those in use among trade unions, where 5 is 离休, which is not offered here.
EMPLOYMENT_STATUSES = CodeTable(
    msg("就业状况"),
    {
        "1": msg("在岗"),
        "2": msg("待(下)岗"),
        "3": msg("失业"),
        "4": msg("退休"),
        "6": msg("退职"),
        "7": msg("退养"),
        "8": msg("病休"),
        "9": msg("其他"),
    },
)
# The grade printed on the certificate (国家职业资格 and 职业技能等级 number alike).
SKILL_LEVELS = CodeTable(
    msg("技术等级"),
    {
        "0": msg("无"),
        "1": msg("一级(高级技师)"),
        "2": msg("二级(技师)"),
        "3": msg("三级(高级)"),
        "4": msg("四级(中级)"),
        "5": msg("五级(初级)"),
    },
)
# No standard numbers these, so words stand for them.
OCCUPATION_GROUPS = CodeTable(
    msg("职业群体"),
    {
        "truck_driver": msg("货车司机"),
        "ride_hailing_driver": msg("网约车司机"),
        "courier": msg("快递员"),
        "food_courier": msg("外卖配送员"),
        "other": msg("其他"),
    },
)
