using Streams.Api.Configuration;

namespace Streams.Api.Pages;

/// <summary>Adds what the pages need.</summary>
internal static class PageHosting
{
    public static void AddPages(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<PreviewOptions>(configuration.GetSection(PreviewOptions.Section));
        services.AddRazorComponents();
        services.AddSingleton<Previews>();
        services.AddSingleton<PageFrames>();
    }
}
