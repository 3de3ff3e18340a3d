using Microsoft.Extensions.Options;

namespace Streams.Api;

/// <summary>Gathers what every page needs.</summary>
internal sealed class PageFrames(IOptions<PreviewOptions> preview, TimeProvider time)
{
    /// <summary>For who asks.</summary>
    public PageFrame For(HttpContext context) => new()
    {
        Now = time.GetUtcNow(),
        Preview = preview.Value.OriginFor(context.Request.Host),
        MayCommand = AccessIdentity.RolesOf(context.User).Contains(AccessRole.Operator),
        Session = AccessIdentity.IsSession(context.User) ? new PageSession(AccessIdentity.NameOf(context.User), AntiForgery.TokenFor(context)) : null,
    };
}
