using Microsoft.Extensions.Options;
using Streams.Api.Access;
using Streams.Api.Hosting;

namespace Streams.Api.Pages;

/// <summary>Gathers what every page needs.</summary>
internal sealed class PageFrames(IOptions<PreviewOptions> preview, PublicAddress address, TimeProvider time)
{
    /// <summary>For who asks.</summary>
    public PageFrame For(HttpContext context) => new()
    {
        Now = time.GetUtcNow(),
        Root = context.Request.PathBase.ToString(),
        Preview = preview.Value.OriginFor(context.Request.Scheme, address.HostOf(context.Request)),
        MayCommand = AccessIdentity.RolesOf(context.User).Contains(AccessRole.Operator),
        Session = AccessIdentity.IsSession(context.User) ? new PageSession(AccessIdentity.NameOf(context.User), AntiForgery.TokenFor(context)) : null,
    };
}
