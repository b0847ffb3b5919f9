using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Tests.Composing;

/// <summary>
/// Mails to look at: with TRACKWATCH_SAMPLE_MAILS naming a folder, every situation is written there in every language as
/// .html and .txt; ops/pictures/take makes pictures of them. Without it they are only composed.
/// </summary>
public class SampleMails
{
    [Fact]
    public async Task Samples_are_written_where_somebody_wants_to_look_at_them()
    {
        await using var services = Some.Services();
        var writer = services.GetRequiredService<MailWriter>();
        var folder = Environment.GetEnvironmentVariable("TRACKWATCH_SAMPLE_MAILS");
        foreach (var language in services.GetRequiredService<LanguageFiles>().All)
        foreach (var situation in Situations.All)
        {
            var mail = await situation.WriteAsync(writer, Some.Person(language.Tag));
            mail.Subject.ShouldNotBeNullOrWhiteSpace();
            if (folder is null)
                continue;
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, $"{situation.Name}-{language.Tag}");
            await File.WriteAllTextAsync($"{file}.html", mail.Html);
            await File.WriteAllTextAsync($"{file}.txt", $"Subject: {mail.Subject}\n\n{mail.Text}");
        }
    }
}
