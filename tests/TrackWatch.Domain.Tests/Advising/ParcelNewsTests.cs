using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Tests.Advising;

public sealed class ParcelNewsTests
{
    [Theory]
    [InlineData(ParcelStatus.AttemptFailed, ReasonCode.AttemptFailed, Channel.Alert)]
    [InlineData(ParcelStatus.AvailableForPickup, ReasonCode.ReadyForPickup, Channel.Digest)]
    [InlineData(ParcelStatus.Exception, ReasonCode.Trouble, Channel.Alert)]
    [InlineData(ParcelStatus.Expired, ReasonCode.GivenUp, Channel.Digest)]
    [InlineData(ParcelStatus.Returning, ReasonCode.GoingBack, Channel.Alert)]
    [InlineData(ParcelStatus.Returned, ReasonCode.GoingBack, Channel.Alert)]
    public void Each_trouble_has_advice_of_its_own(ParcelStatus status, ReasonCode code, Channel channel)
    {
        var news = Some.Snapshot(null, null, Some.Shipment(Leg.LastMile) with { Status = status })
            .On(Some.May(1))
            .Notices.Where(n => n.Kind == NoticeKind.News)
            .ShouldHaveSingleItem();

        (news.Kind, news.Reason.Code, news.Channel).ShouldBe((NoticeKind.News, code, channel));
    }

    [Fact]
    public void A_parcel_that_customs_stopped_is_told_as_that() =>
        Some.Snapshot(
                null,
                null,
                Some.Shipment(Leg.ImportCustoms) with
                {
                    Status = ParcelStatus.Exception,
                    CustomsTrouble = true,
                }
            )
            .On(Some.May(1))
            .Notices.ShouldHaveSingleItem()
            .Reason.Code.ShouldBe(ReasonCode.CustomsTrouble);

    [Fact]
    public void A_parcel_at_a_pickup_point_asks_for_its_buyer_and_for_nobody_else()
    {
        var order = Some.Snapshot(
            Some.Order() with
            {
                PromisedBy = Some.May(1),
            },
            null,
            Some.Shipment(Leg.PickupPoint) with
            {
                Status = ParcelStatus.AvailableForPickup,
            }
        );

        Told(2).ShouldBe([(ReasonCode.ReadyForPickup, Channel.Digest)]);
        Told(4).ShouldBe([(ReasonCode.ReadyForPickup, Channel.Digest), (ReasonCode.PickupClosing, Channel.Alert)]);
        News(4)[1].Reason.Days.ShouldBe(3);
        News(5)[1].Instance.ShouldBe(News(4)[1].Instance);
        News(6)[1].Instance.ShouldNotBe(News(4)[1].Instance);
        order.On(Some.May(20)).Due.ShouldBeNull();

        List<NoticeDraft> News(int day) => [.. order.On(Some.May(day)).Notices.Where(n => n.Kind == NoticeKind.News)];

        IEnumerable<(ReasonCode, Channel)> Told(int day) => News(day).Select(n => (n.Reason.Code, n.Channel));
    }

    [Fact]
    public void A_parcel_that_goes_back_calls_for_the_seller_and_five_days_later_for_the_dispute()
    {
        var back = Some.Shipment(Leg.LastMile) with { Status = ParcelStatus.Returning };
        var asked = Some.Facts(Some.Done(Step.ContactSeller, Some.May(2)));

        Some.Snapshot(null, null, back).On(Some.May(2)).Due!.Why!.Code.ShouldBe(ReasonCode.GoingBack);
        Some.Snapshot(null, asked, back).On(Some.May(3)).Due.ShouldBeNull();
        var order = Some.Order() with { Shipped = Some.May(-20) };
        Some.Snapshot(order, asked, back with { Status = ParcelStatus.Returned })
            .On(Some.May(7))
            .Due!.Why!.Code.ShouldBe(ReasonCode.GoingBack);
    }

    [Fact]
    public void A_parcel_on_its_way_back_stays_one_matter_until_it_has_arrived_and_customs_has_no_part_in_it()
    {
        var back = Some.Shipment(Leg.ImportCustoms) with { Status = ParcelStatus.Returning };
        var order = Some.Snapshot(Some.Order() with { Shipped = Some.May(-20) }, null, back);
        var told = order.Telling(order.On(Some.May(1)).Notices, Some.Noon(Some.May(1)));

        told.On(Some.May(5)).Due!.Step.ShouldBe(Step.ContactSeller);
        told.On(Some.May(6)).Due!.Why.ShouldBe(new Reason(ReasonCode.GoingBack, Date: Some.May(1)));
        var returned = back with { Status = ParcelStatus.Returned, LastProgressAt = Some.Noon(Some.May(20)) };
        (told with { Shipments = [returned] }).On(Some.May(20)).Due!.Step.ShouldBe(Step.OpenDispute);
    }
}
