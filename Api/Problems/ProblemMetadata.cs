using Streams.Api.Wire;

namespace Streams.Api.Problems;

/// <summary>Documents which problems an endpoint answers with.</summary>
internal static class ProblemMetadata
{
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
        {
            endpoint.Produces<Problem>(status, ProblemResult.ContentType);
        }

        return endpoint;
    }
}
