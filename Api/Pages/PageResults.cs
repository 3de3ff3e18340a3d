using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Streams.Api.Problems;
using Streams.Api.Wire;

namespace Streams.Api.Pages;

/// <summary>Results that render a page or a part of one, with all text encoded. A page may load nothing but the service's own parts.</summary>
internal static class PageResults
{
    /// <summary>A page.</summary>
    public static IResult Page<T>(object model, PageFrame frame, HttpContext context, int status = StatusCodes.Status200OK)
        where T : IComponent
    {
        context.Response.Headers.ContentSecurityPolicy = PolicyFor(frame.Previews.Values);
        return Render<T>(new Dictionary<string, object?> { ["Model"] = model }, status);
    }

    /// <summary>A part of a page.</summary>
    public static IResult Part<T>(object model)
        where T : IComponent => Render<T>(new Dictionary<string, object?> { ["Model"] = model }, StatusCodes.Status200OK);

    /// <summary>The page that says why another cannot be shown.</summary>
    /// <param name="answer">What was answered.</param>
    /// <param name="frame">What every page needs.</param>
    /// <param name="context">The request.</param>
    /// <param name="streamId">The stream that was asked for; null for anything else.</param>
    public static IResult Problem(IResult answer, PageFrame frame, HttpContext context, string? streamId = null)
    {
        Problem problem = (answer as ProblemResult)?.Problem ?? ApiProblems.OfStatus(StatusCodes.Status500InternalServerError).Problem;
        context.Response.Headers.ContentSecurityPolicy = PolicyFor(frame.Previews.Values);
        string? unseen = problem.Status == StatusCodes.Status404NotFound ? streamId : null;
        return Render<ProblemPage>(new Dictionary<string, object?> { ["Problem"] = problem, ["Frame"] = frame, ["Unseen"] = unseen }, problem.Status);
    }

    private static RazorComponentResult<T> Render<T>(Dictionary<string, object?> parameters, int status)
        where T : IComponent => new(parameters) { StatusCode = status, PreventStreamingRendering = true };

    // What the page frames is the preview's player, for which its script loads from the media server. A stream may move to another while its page is open.
    private static string PolicyFor(IEnumerable<string> previews) =>
        $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {string.Join(' ', previews.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Prepend("'self'"))}; "
            + "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}
