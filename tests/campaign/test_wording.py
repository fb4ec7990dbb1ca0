import pytest

from campaign.wording import short_theme


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("提升信息化水平，建设高水平智慧校园", "信息化水平"),
        ("以眼视光和包装为引领，打造高水平专业群", "高水平专业群"),
        ("落实立德树人根本任务，打造技术技能人才培养高地", "立德树人根本任务"),
        ("党建", "党建"),
        ("提升", "提升"),
        ("", ""),
        ("关于进一步完善二级学院内部治理的若干问题", "关于进一步完善二级学院…"),
    ],
)
def test_a_theme_is_shortened_to_the_matter_it_names(title, short):
    assert short_theme(title) == short
