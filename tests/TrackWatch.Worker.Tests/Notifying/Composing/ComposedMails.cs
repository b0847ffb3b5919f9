using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Tests.Composing;
using Some = TrackWatch.Worker.Tests.Composing.Some;

namespace TrackWatch.Worker.Tests.Notifying.Composing;

/// <param name="Bytes">As they would be sent.</param>
internal sealed record ComposedMail(string Name, WrittenMail Written, byte[] Bytes);

/// <summary>Every kind of mail in every language, and mails about orders whose words mean harm: in the bytes that travel.</summary>
internal static class ComposedMails
{
    private static readonly Lazy<Task<IReadOnlyList<ComposedMail>>> Once = new(() => WriteAsync());

    private static readonly string[] Harms =
    [
        "<script>alert('1')</script><img src=x onerror=alert(1)>",
        "USB\r\nBcc: thief@example.org\r\n\r\n<html>",
        "\u202egnp.exe\u2066 \u200f\u061c USB \u0000\u001b[2J\u0085\u2028",
        "=?UTF-8?B?aGVsbG8=?= =?x?q?=0d=0aBcc:_x?=",
        "quotes \" and \\ and, commas; <angles@example.org> (comments) @",
        string.Concat(Enumerable.Repeat("0123456789", 1024)),
        string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦 📦 ", 600)),
        string.Concat(Enumerable.Repeat(".\nFrom here\n--=_alternative_0\n", 100)),
    ];

    public static Task<IReadOnlyList<ComposedMail>> AllAsync() => Once.Value;

    private static async Task<IReadOnlyList<ComposedMail>> WriteAsync()
    {
        await using var services = Some.Services();
        var writer = services.GetRequiredService<MailWriter>();
        var languages = services.GetRequiredService<LanguageFiles>().All.Select(l => l.Tag);
        var postmark = new Postmark(new MailboxAddress("watch@example.org", "TrackWatch"))
        {
            Replies = "answers@example.org",
        };
        var mails = new List<ComposedMail>();
        foreach (
            var (name, write) in languages.SelectMany(Samples).Concat(Hostile()).Append(Large()).Append(WithCalendar())
        )
        {
            var written = await write(writer);
            var row = postmark.Compose(
                "Alert",
                name,
                Some.Person() with
                {
                    Email = "ayse@example.net",
                    Name = name.StartsWith("harm", StringComparison.Ordinal) ? Harms[HarmOf(name)] : "Ayşe Yılmaz",
                },
                Some.Istanbul,
                written,
                Some.Now,
                thread: ["alert.1@example.org", "alert.2@example.org"],
                stop: new Uri("mailto:answers@example.org?subject=stop%20usb-hub%20k3y")
            );
            mails.Add(new ComposedMail(name, written, row.Body));
        }
        return mails;
    }

    /// <summary>All situations in the two languages that are complete, one of each kind in the others.</summary>
    private static IEnumerable<(string, Func<MailWriter, Task<WrittenMail>>)> Samples(string language) =>
        Situations
            .All.Where((s, i) => language is "en" or "tr" || i % 6 == 0)
            .Select<Situation, (string, Func<MailWriter, Task<WrittenMail>>)>(s =>
                ($"{s.Name}-{language}", w => s.WriteAsync(w, Some.Person(language)))
            );

    private static int HarmOf(string name) => int.Parse(name.Split('-')[1], CultureInfo.InvariantCulture);

    private static IEnumerable<(string, Func<MailWriter, Task<WrittenMail>>)> Hostile()
    {
        foreach (var (i, harm) in Harms.Index())
        {
            var view = Some.View() with { LastText = harm, LastPlace = harm };
            var section = Some.Section(
                Some.Order("usb-hub", harm) with
                {
                    Seller = harm,
                    OrderNumber = harm,
                },
                view,
                Some.Notice(ReasonCode.Silent, Step.ContactSeller),
                history: [new(new(2026, 11, 4, 8, 0, 0), ParcelStatus.Customs, Leg.ImportCustoms, harm, harm)]
            );
            var person = Some.Person() with { Name = harm, Address = harm };
            yield return ($"harm-{i}-alert", w => w.WriteAsync(Some.Alert(person, section)));
            yield return ($"harm-{i}-digest", w => w.WriteAsync(Some.Digest(person, section)));
        }
    }

    private static (string, Func<MailWriter, Task<WrittenMail>>) WithCalendar() =>
        (
            "calendar",
            async w =>
                await w.WriteTestAsync(Some.Person("tr"), Some.Istanbul, Some.Now) with
                {
                    Attachments =
                    [
                        new(
                            "Son gün – hatırlatma.ics",
                            "text/calendar; charset=utf-8; method=PUBLISH",
                            "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nSUMMARY:Son gün\r\nEND:VCALENDAR\r\n"u8.ToArray()
                        ),
                    ],
                }
        );

    /// <summary>More orders than a mail has room for in full.</summary>
    private static (string, Func<MailWriter, Task<WrittenMail>>) Large() =>
        (
            "large",
            w =>
                w.WriteAsync(
                    Some.Digest(
                        Some.Person("tr"),
                        [
                            .. Enumerable
                                .Range(0, 60)
                                .Select(i =>
                                    Some.Section(
                                        Some.Order($"o{i}", $"Çok uzun adlı, ağır ve büyük ürün {i}"),
                                        notice: Some.Notice(ReasonCode.Silent, Step.ContactSeller)
                                    )
                                ),
                        ]
                    )
                )
        );
}
