namespace Streams.Api.Hosting;

/// <summary>
/// Metadata of an endpoint that is answered however many clients there are: MediaMTX's hooks, its authentication requests, and health.
/// </summary>
internal sealed class ReservedPlace
{
    private ReservedPlace()
    {
    }

    public static ReservedPlace Marker { get; } = new();

    public static bool IsFor(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ReservedPlace>() is not null;
}
