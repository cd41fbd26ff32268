using Gfxbake.Host.Tools.GitHub;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class AssetUploadTests
{
    [TestCase("https://api.github.com/", "https://uploads.github.com/repos/a/b/releases/1/assets{?name,label}", true)]
    [TestCase("https://ghe.example/api/v3/", "https://ghe.example/api/uploads/repos/a/b/releases/1/assets{?name,label}", true)]
    [TestCase("https://ghe.example/api/v3/", "https://uploads.github.com/x", false)]
    [TestCase("https://api.github.com/", "http://uploads.github.com/x", false)]
    [TestCase("https://api.github.com/", "https://uploads.github.com.evil.example/x", false)]
    [TestCase("https://api.github.com/", "https://uploads.github.com:444/x", false)]
    [TestCase("https://api.github.com/", "https://a@uploads.github.com/x", false)]
    [TestCase("https://api.github.com/", "uploads", false)]
    public void Token_goes_to_GitHub_s_own_hosts_only(string api, string template, bool goes)
    {
        var call = () => AssetUpload.Address(template, new Uri(api));

        if (goes)
            Assert.That(call().AbsoluteUri, Is.EqualTo(template.Split('{')[0]));
        else
            Assert.That(call, Throws.TypeOf<Cake.Core.CakeException>().With.Message.Contains(new Uri(api).Authority));
    }
}
