using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Tests.Composing;

/// <summary>
/// Mails to look at: with TRACKWATCH_SAMPLE_MAILS naming a folder, every sample is written there as .html and .txt.
/// Without it the samples are only composed.
/// </summary>
public class SampleMails
{
    [Fact]
    public async Task Samples_are_written_where_somebody_wants_to_look_at_them()
    {
        await using var services = Some.Services();
        var writer = services.GetRequiredService<MailWriter>();
        var folder = Environment.GetEnvironmentVariable("TRACKWATCH_SAMPLE_MAILS");
        foreach (var (name, write) in All())
        {
            var mail = await write(writer);
            mail.Subject.ShouldNotBeNullOrWhiteSpace();
            if (folder is null)
                continue;
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.html"), mail.Html);
            await File.WriteAllTextAsync(
                Path.Combine(folder, $"{name}.txt"),
                $"Subject: {mail.Subject}\n\n{mail.Text}"
            );
        }
    }

    private static IEnumerable<(string Name, Func<MailWriter, Task<WrittenMail>> Write)> All()
    {
        foreach (var language in (string[])["en", "tr"])
        {
            var person = Some.Person(language);
            yield return ($"dispute-{language}", w => w.WriteAsync(Some.Alert(person, Dispute())));
            yield return ($"customs-{language}", w => w.WriteAsync(Some.Alert(person, Customs())));
            yield return ($"delivered-{language}", w => w.WriteAsync(Some.Alert(person, Delivered())));
            yield return ($"bank-{language}", w => w.WriteAsync(Some.Alert(person, Bank())));
            yield return ($"digest-{language}", w => w.WriteAsync(Digest(person)));
            yield return (
                $"two-{language}",
                w => w.WriteAsync(Some.Alert(person, Dispute(), Bank("lamp", "Desk lamp")))
            );
            yield return ($"test-{language}", w => w.WriteTestAsync(person, Some.Istanbul, Some.Now));
            yield return (
                $"operator-{language}",
                w =>
                    w.WriteOperatorAsync(
                        [
                            new OperatorNews.SourceSilent("cainiao", Some.Now.AddDays(-2), "429 Too Many Requests", 7),
                            new OperatorNews.ReloadFailed(
                                "orders.yaml",
                                ["orders.yaml:4:3 error: unknown key 'numbr'; did you mean 'number'?"]
                            ),
                        ],
                        language,
                        Some.Now,
                        Some.Istanbul
                    )
            );
            yield return (
                $"bare-{language}",
                w =>
                    w.WriteAsync(
                        Some.Alert(
                            Some.Stranger(language),
                            Some.BareSection(Some.Notice(ReasonCode.NumberUnknown, Step.CheckNumber))
                        )
                    )
            );
        }
    }

    private static OrderSection Dispute() =>
        Some.Section(
            notice: Some.Notice(
                ReasonCode.ProtectionEnding,
                Step.OpenDispute,
                Step.KnowRefundRules,
                new(2026, 11, 26),
                rule: "AE-DISP-02"
            ) with
            {
                Reason = new Reason(ReasonCode.ProtectionEnding, 11, Some.Window.Protection),
            },
            window: Some.Window,
            facts: OrderFacts.Unite([
                new(new Fact.StepDone(Step.ContactSeller, new(2026, 11, 8)), FactOrigin.Command, Some.Now.AddDays(-8)),
                new(new Fact.ProtectionEnds(Some.Window.Protection), FactOrigin.File, Some.Now.AddDays(-30)),
            ])
        );

    private static OrderSection Customs() =>
        Some.Section(
            notice: Some.Notice(ReasonCode.HeldAtCustoms, Step.CheckCustoms, Step.ContactSeller, new(2026, 11, 19)) with
            {
                Reason = new Reason(ReasonCode.HeldAtCustoms, Date: new(2026, 11, 19), Leg: Leg.ImportCustoms),
            },
            facts: OrderFacts.Unite([
                new(
                    new Fact.CustomsHold(new(2026, 11, 19), "A-12", "invoice"),
                    FactOrigin.Command,
                    Some.Now.AddDays(-1)
                ),
            ])
        );

    private static OrderSection Delivered() =>
        Some.Section(
            view: Some.View(ParcelStatus.Delivered, Leg.PickupPoint),
            notice: Some.Notice(ReasonCode.Delivered),
            stalls: []
        );

    private static OrderSection Bank(string id = "usb-hub", string item = "USB-C hub") =>
        Some.Section(
            Some.Order(id, item) with
            {
                RefundIfUndeliveredBy = null,
            },
            notice: Some.Notice(ReasonCode.DisputeRefused, Step.Chargeback),
            facts: OrderFacts.Unite([
                new(new Fact.DisputeOpened(new(2026, 11, 1), "77"), FactOrigin.Command, Some.Now.AddDays(-15)),
                new(
                    new Fact.DisputeDecided(DisputeOutcome.Refused, new(2026, 11, 9)),
                    FactOrigin.Command,
                    Some.Now.AddDays(-7)
                ),
            ])
        );

    private static MailContent Digest(Person person)
    {
        var orders = new List<OrderSection>
        {
            Moving("case", "Phone case", 2),
            Bank("speaker", "Bluetooth speaker"),
            Dispute(),
            Delivered() with
            {
                Order = Some.Order("lamp", "Desk lamp"),
            },
            Moving("cable", "HDMI cable 2 m", 20),
            Moving("pen", "3D pen", 1),
            Some.Section(
                Some.Order("seeds", "Screwdriver set"),
                Some.BareView() with
                {
                    Number = "LP00698765432109",
                    Status = ParcelStatus.InfoReceived,
                    Leg = Leg.Label,
                },
                stalls: [],
                history: []
            ),
        };
        return Some.Digest(person, [.. orders]) with
        {
            Sources = [new SourceTrouble("cainiao", "blocked", Some.Now.AddDays(-1))],
        };
    }

    private static OrderSection Moving(string id, string item, int daysAgo)
    {
        var view = Some.View(ParcelStatus.InTransit, Leg.LineHaul) with
        {
            LastEventAt = Some.Now.AddDays(-daysAgo),
            LastProgressAt = Some.Now.AddDays(-daysAgo),
            LastPlace = "Liège",
        };
        return Some.Section(
            Some.Order(id, item) with
            {
                PromisedBy = new(2026, 12, 4),
                RefundIfUndeliveredBy = null,
            },
            view,
            stalls: [Some.Stall(view, StallLevel.Moving, daysAgo)],
            history:
            [
                new(
                    Some.Now.AddDays(-daysAgo).DateTime,
                    ParcelStatus.InTransit,
                    Leg.LineHaul,
                    "Liège",
                    "Arrived at hub"
                ),
            ]
        );
    }
}
