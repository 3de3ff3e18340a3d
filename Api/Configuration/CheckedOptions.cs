using Microsoft.Extensions.Options;

namespace Streams.Api.Configuration;

/// <summary>Registers options whose errors are reported together, those of every class, before anything starts.</summary>
public static class CheckedOptions
{
    /// <summary>Start of the .NET binder's message about a value of the wrong format; the rest names the setting.</summary>
    private const string Unconvertible = "Failed to convert configuration value";

    /// <summary>
    /// Binds <typeparamref name="T"/> to a section. A value that cannot be read is a validation error like one out of range,
    /// so one start shows all of them instead of the first.
    /// </summary>
    /// <typeparam name="T">The options; ranges stand in its data annotations.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="section">Where its values stand, for example <c>Streams:Api</c>.</param>
    public static IServiceCollection AddCheckedOptions<T>(this IServiceCollection services, IConfigurationSection section)
        where T : class
    {
        SectionBinder<T> binder = new(section);
        services.AddSingleton<IConfigureOptions<T>>(binder);
        services.AddSingleton<IValidateOptions<T>>(binder);
        services.AddOptions<T>().ValidateOnStart();
        return services;
    }

    /// <summary>
    /// The options as they are while the host is composed. What cannot be read has its default: the check of <see cref="AddCheckedOptions{T}"/>
    /// tells of it, and nothing is started.
    /// </summary>
    /// <typeparam name="T">The options.</typeparam>
    /// <param name="section">Where its values stand.</param>
    public static T ReadOptions<T>(this IConfigurationSection section)
        where T : class, new()
    {
        T options = new();
        new SectionBinder<T>(section).Configure(options);
        return options;
    }

    /// <summary>Builds the host; null when options are wrong, after writing all their errors to standard error.</summary>
    /// <param name="builder">The host's builder.</param>
    public static async Task<WebApplication?> BuildChecked(this WebApplicationBuilder builder)
    {
        try
        {
            WebApplication app = builder.Build();
            app.Services.CheckOptions();
            return app;
        }
        catch (Exception exception) when (ErrorsOf(exception) is { Length: > 0 } errors)
        {
            await Console.Error.WriteLineAsync("The configuration is wrong:\n" + string.Join('\n', errors));
            return null;
        }
    }

    /// <summary>Checks all options that were registered to be checked at start.</summary>
    /// <exception cref="OptionsValidationException">One class has errors; it lists them all.</exception>
    /// <exception cref="AggregateException">Several have; it holds one <see cref="OptionsValidationException"/> for each.</exception>
    public static void CheckOptions(this IServiceProvider services) => services.GetService<IStartupValidator>()?.Validate();

    private static string[] ErrorsOf(Exception exception) => exception switch
    {
        OptionsValidationException one => [.. one.Failures],
        InvalidOperationException { InnerException: { } } unreadable when unreadable.Message.StartsWith(Unconvertible, StringComparison.Ordinal) =>
            [$"{unreadable.Message} A time is written hh:mm:ss, for example 00:01:00 for a minute; a number has digits only."],
        AggregateException many => [.. many.InnerExceptions.SelectMany(ErrorsOf).Distinct()],
        _ => [],
    };
}
