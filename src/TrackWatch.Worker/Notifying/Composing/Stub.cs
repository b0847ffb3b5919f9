internal static class ComposingSetupStub
{
    public static IServiceCollection AddComposing(this IServiceCollection s) =>
        s.AddSingleton<TrackWatch.Worker.Notifying.Composing.MailWriter>();
}
