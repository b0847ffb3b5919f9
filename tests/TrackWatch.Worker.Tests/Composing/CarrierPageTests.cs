using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Simulating;
using TrackWatch.TestKit;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Tests.Composing;

/// <summary>Carriers that TrackWatch does not ask are a click away in its mails.</summary>
public sealed class CarrierPageTests
{
    private const string Ptt = "https://gonderitakip.ptt.gov.tr/Track/Verify?q=";
    private const string RoyalMail = "https://www.royalmail.com/track-your-item#/tracking-results/";

    [Theory]
    [InlineData("RR473124829GB", null, null, RoyalMail + "RR473124829GB")]
    [InlineData("LP00612345678901", null, "RR473124829GB", RoyalMail + "RR473124829GB")]
    [InlineData("KP02023425845", "ptt", null, Ptt + "KP02023425845")]
    public async Task A_mail_leads_to_the_carriers_own_page(
        string number,
        string? carrier,
        string? lastMileNumber,
        string address
    ) => (await LinksOfAsync(number, carrier, lastMileNumber, "none", new TrackWatchSettings())).ShouldContain(address);

    [Fact]
    public async Task The_post_that_delivers_comes_before_the_one_that_sent_it()
    {
        var links = await LinksOfAsync("RR473124829GB", null, null, "TR", new TrackWatchSettings());

        links
            .Where(l => IsOf(l, Ptt) || IsOf(l, RoyalMail))
            .ShouldBe([Ptt + "RR473124829GB", RoyalMail + "RR473124829GB"]);
    }

    [Fact]
    public async Task Addresses_of_the_settings_stand_before_the_programs_and_none_removes_one()
    {
        var settings = new TrackWatchSettings
        {
            Links = new Dictionary<string, string>
            {
                ["ptt"] = "https://posta.example/?no={number}&x=1",
                ["royal_mail"] = "none",
            },
        };

        var links = await LinksOfAsync("RR473124829GB", null, null, "TR", settings);

        links.ShouldContain("https://posta.example/?no=RR473124829GB&x=1");
        links.ShouldNotContain(l => IsOf(l, Ptt) || IsOf(l, RoyalMail));
    }

    private static bool IsOf(string link, string page) => link.StartsWith(page, StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> LinksOfAsync(
        string number,
        string? carrier,
        string? lastMileNumber,
        string country,
        TrackWatchSettings settings
    )
    {
        var order = Some.Order() with { ShipTo = country == "none" ? null : new Destination(country, null) };
        var view = Some.View() with { Number = number, Carrier = carrier, LastMileNumber = lastMileNumber };
        var whole = Some.Section(order, view, notice: Some.Notice(ReasonCode.Silent, Step.ContactSeller));
        var shipment = new MailSections(settings, TestRules.Book, (_, _) => null).Section(
            new ShownParcel(view, "cainiao", ParcelSummary.Empty, []),
            order
        );
        var writer = Some.Services([]).GetRequiredService<MailWriter>();

        var mail = await writer.WriteAsync(Some.Alert(Some.Person("en"), whole with { Shipments = [shipment] }));

        var page = await new HtmlParser().ParseDocumentAsync(mail.Html);
        return [.. page.QuerySelectorAll("a[href]").Select(a => a.GetAttribute("href")!)];
    }
}
