using System.Text.Encodings.Web;
using System.Text.Unicode;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing;

internal static class ComposingSetup
{
    /// <summary>Turns facts into mails: the language files and the writer.</summary>
    public static IServiceCollection AddComposing(this IServiceCollection services) =>
        services
            // Razor's default encoder would write every letter beyond Latin as an entity.
            .AddSingleton(HtmlEncoder.Create(UnicodeRanges.All))
            .AddSingleton<LanguageFiles>()
            .AddSingleton<CalendarWriter>()
            .AddSingleton<MailWriter>();
}
