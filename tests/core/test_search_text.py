from seminars.models import Opinion
from tests.factories import OpinionFactory


def test_saving_folds_the_text_a_row_is_searched_by(db):
    opinion = OpinionFactory(text="希望推广１＋Ｘ证书")

    assert Opinion.objects.get().search_text == "希望推广1+x证书"

    opinion.text = "改为ＡＩ课程"
    opinion.save()
    assert Opinion.objects.get().search_text == "改为ai课程"


def test_rows_created_in_bulk_can_be_searched_too(db):
    first = OpinionFactory()
    Opinion.objects.bulk_create(
        [
            Opinion(
                campaign=first.campaign,
                unit=first.unit,
                source=first.source,
                text="ＰＬＣ实训台不够用",
                raised_on=first.raised_on,
            )
        ]
    )

    assert Opinion.objects.filter(search_text__contains="plc").count() == 1
