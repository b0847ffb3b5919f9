using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Tests.Composing;

namespace TrackWatch.Worker.Tests.Registering.Replying;

/// <summary>What people write, in the words of the language files.</summary>
public class ReplyPhraseTests
{
    private static readonly LanguageFiles Files = Some.Services().GetRequiredService<LanguageFiles>();
    private static readonly DateOnly Today = new(2026, 11, 22);

    private static readonly Dictionary<string, ReplyCommand> Meant = new()
    {
        ["done"] = new ReplyCommand.DoneAsAsked(),
        ["snooze"] = new ReplyCommand.Tell(new Fact.Snoozed(Today.AddDays(5))),
        ["received"] = new ReplyCommand.Tell(new Fact.Closed(ClosedWhy.Received)),
        ["missing"] = new ReplyCommand.Tell(new Fact.Missing()),
        ["refunded"] = new ReplyCommand.Tell(new Fact.Closed(ClosedWhy.Refunded)),
        ["cancelled"] = new ReplyCommand.Tell(new Fact.Closed(ClosedWhy.Cancelled)),
        ["lost"] = new ReplyCommand.Tell(new Fact.Closed(ClosedWhy.Lost)),
        ["opened"] = new ReplyCommand.Tell(new Fact.DisputeOpened()),
        ["refused"] = new ReplyCommand.Tell(new Fact.DisputeDecided(DisputeOutcome.Refused)),
        ["partial"] = new ReplyCommand.Tell(
            new Fact.DisputeDecided(DisputeOutcome.Partial, null, new Money(12.50m, "EUR"))
        ),
        ["hold"] = new ReplyCommand.Tell(new Fact.CustomsHold(new DateOnly(2026, 12, 10))),
        ["stop"] = new ReplyCommand.Mails(false),
        ["resume"] = new ReplyCommand.Mails(true),
        ["undo"] = new ReplyCommand.Undo(),
    };

    [Theory]
    [InlineData("en", "Done.", "done")]
    [InlineData("en", "Hi, it's done, thanks!", "done")]
    [InlineData("en", "DONE", "done")]
    [InlineData("en", "DONE Thank you.", "done")]
    [InlineData("en", "please snooze for 5 days", "snooze")]
    [InlineData("en", "Remind me in 5 days", "snooze")]
    [InlineData("en", "I have received it. Many thanks", "received")]
    [InlineData("en", "The parcel has arrived!", "received")]
    [InlineData("en", "I haven’t received it", "missing")]
    [InlineData("en", "> quoted\nHello,\n\nreceived\n\nBest regards\nAyşe", "received")]
    [InlineData("en", "dispute opened", "opened")]
    [InlineData("en", "I opened a dispute", "opened")]
    [InlineData("en", "dispute partially granted 12.50 eur", "partial")]
    [InlineData("en", "Dispute lost", "refused")]
    [InlineData("en", "hold until 2026-12-10", "hold")]
    [InlineData("en", "stop mails for this order", "stop")]
    [InlineData("en", "unsubscribe", "stop")]
    [InlineData("en", "resume", "resume")]
    [InlineData("tr", "tamam", "done")]
    [InlineData("tr", "Tamamdır, teşekkürler", "done")]
    [InlineData("tr", "ULAŞTI", "received")]
    [InlineData("tr", "ulastı", "received")]
    [InlineData("tr", "Paketim elime ulaştı, teşekkür ederim", "received")]
    [InlineData("tr", "gelmedi", "missing")]
    [InlineData("tr", "Hala gelmedi!", "missing")]
    [InlineData("tr", "5 gün ertele", "snooze")]
    [InlineData("tr", "iptal ettim", "cancelled")]
    [InlineData("tr", "kayıp", "lost")]
    [InlineData("tr", "İTİRAZ AÇTIM", "opened")]
    [InlineData("tr", "itiraz reddedildi", "refused")]
    [InlineData("tr", "Para iadesi: iade edildi", null)]
    [InlineData("tr", "iade edildi", "refunded")]
    [InlineData("tr", "geri al", "undo")]
    [InlineData("tr", "received", "received")]
    [InlineData("tr", "postaları durdur", "stop")]
    [InlineData("de", "Hallo, ist erledigt. Vielen Dank!", "done")]
    [InlineData("de", "Das Paket ist noch nicht angekommen", "missing")]
    [InlineData("de", "Ware ist angekommen", "received")]
    [InlineData("de", "nicht erledigt", null)]
    [InlineData("de", "keine Mails mehr", "stop")]
    [InlineData("fr", "Bonjour, c'est fait. Merci beaucoup !", "done")]
    [InlineData("fr", "J'ai reçu mon colis", "received")]
    [InlineData("fr", "Je n'ai pas encore reçu le colis", "missing")]
    [InlineData("es", "Hola, ya está hecho. ¡Muchas gracias!", "done")]
    [InlineData("es", "Sí, lo he recibido", "received")]
    [InlineData("it", "Ciao, l'ho fatto. Grazie mille!", "done")]
    [InlineData("it", "Ho ricevuto il pacco", "received")]
    [InlineData("pt-BR", "Oi, já fiz. Muito obrigado!", "done")]
    [InlineData("pt-BR", "Ainda não recebi o pacote", "missing")]
    [InlineData("ru", "Готово, спасибо!", "done")]
    [InlineData("ru", "посылка не пришла", "missing")]
    [InlineData("ru", "не сделано", null)]
    [InlineData("uk", "Готово, дякую!", "done")]
    [InlineData("pl", "paczka nie dotarła", "missing")]
    [InlineData("nl", "nog niet ontvangen", "missing")]
    [InlineData("nl", "ik heb het niet gedaan", null)]
    [InlineData("ar", "تم، شكرًا", "done")]
    [InlineData("ar", "لم يصل الطرد بعد", "missing")]
    [InlineData("ar", "ذكرني بعد ٥ أيام", "snooze")]
    [InlineData("en", "have you received it?", null)]
    [InlineData("en", "not done", null)]
    [InlineData("en", "I will tell you when received", null)]
    [InlineData("en", "the seller says it is lost", null)]
    [InlineData("en", "received\nno wait, actually\nmissing", null)]
    [InlineData("tr", "ulaştı mı?", null)]
    [InlineData("tr", "iptal", null)]
    public void What_people_write_is_understood_or_left_alone(string language, string body, string? meant)
    {
        var read = ReplyWords.Read(
            "Re: Delivered: Lost",
            body,
            new Dictionary<string, string>(),
            Phrases(language),
            Today
        );

        read.Command.ShouldBe(meant is null ? null : Meant[meant]);
    }

    public static TheoryData<string> Languages() => [.. Files.All.Select(l => l.Tag)];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Nobody_means_two_things_by_one_word(string language)
    {
        var words = new Words(Files, Files.Of(language), Today);
        var said = ReplyPhrases
            .Meanings.Keys.SelectMany(key =>
                words
                    .Say($"replies.words.{key}")
                    .Split([',', '،', '、'], StringSplitOptions.TrimEntries)
                    .Select(phrase => (Phrase: ReplyText.Fold(phrase), Key: key))
            )
            .ToList();

        said.ShouldAllBe(s => s.Phrase.Length > 0);
        said.GroupBy(s => s.Phrase).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
    }

    private static ReplyPhrases Phrases(string language) =>
        new(
            from tag in new[] { language, "en" }
            let words = new Words(Files, Files.Of(tag), Today)
            from key in ReplyPhrases.Meanings.Keys
            select (key, words.Say($"replies.words.{key}"))
        );
}
