using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Registering.Replying;

namespace TrackWatch.Worker.Registering;

internal static class RegisteringSetup
{
    public static IServiceCollection AddRegistering(this IServiceCollection services, LoadedSettings loaded) =>
        services
            .AddSingleton(loaded.Orders)
            .AddSingleton(loaded.Settings.Providers)
            .AddSingleton<Registrar>()
            .AddSingleton<OrdersDesk>()
            .AddReplying(loaded.Settings.Mail.Replies);

    private static IServiceCollection AddReplying(this IServiceCollection services, RepliesSettings settings)
    {
        services.AddSingleton<ReplyDesk>().AddSingleton<BounceDesk>().AddSingleton<Inbox>().AddSingleton<ReplyReader>();
        if (settings.Maildir is { } maildir)
            services.AddSingleton<IReplySource>(provider =>
                ActivatorUtilities.CreateInstance<Maildir>(provider, maildir)
            );
#if MAILKIT
        if (settings.Imap is { } imap)
            services.AddSingleton<IReplySource>(provider =>
                ActivatorUtilities.CreateInstance<Replying.MailKit.ImapMailbox>(provider, imap)
            );
#endif
        return services;
    }
}
