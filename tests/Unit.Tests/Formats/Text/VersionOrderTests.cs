using Gfxbake.Formats.Text;

namespace Gfxbake.Unit.Tests.Formats.Text;

public sealed class VersionOrderTests
{
    [TestCase("7.2", "7.2.1")]
    [TestCase("7.9.0", "7.14.0")]
    [TestCase("8770", "10566")]
    [TestCase("7.2.4+dfsg-1~exp1", "7.2.4+dfsg-1")]
    [TestCase("7.2.4+dfsg-1", "7.2.4+dfsg-1+b1")]
    [TestCase("7.14.0a20261120", "7.14.0")]
    [TestCase("7.14.0a20261119", "7.14.0a20261120")]
    [TestCase("7.14.0rc1", "7.14.0")]
    [TestCase("7.14.0a20261120", "7.14.0rc1")]
    [TestCase("7.13.0", "7.14.0a1")]
    [TestCase("1.0~rc1", "1.0")]
    [TestCase("1.0", "1.0a")]
    [TestCase("1.0a", "1.0+")]
    [TestCase("99999999999999999999998", "99999999999999999999999")]
    public void Older_version_comes_first(string older, string newer)
    {
        Assert.That(VersionOrder.Instance.Compare(older, newer), Is.Negative);
        Assert.That(VersionOrder.Instance.Compare(newer, older), Is.Positive);
    }

    [TestCase("7.2", "7.2")]
    [TestCase("7.02", "7.2")]
    [TestCase("", "")]
    public void Same_version_is_equal(string left, string right) => Assert.That(VersionOrder.Instance.Compare(left, right), Is.Zero);

    [Test]
    public void Any_versions_have_one_order() =>
        Rounds.Run(random =>
        {
            string[] parts = ["0", "1", "07", "12", ".", "~", "+", "-", "a", "b", "rc", "x"];
            var versions = Enumerable.Range(0, 4).Select(_ => string.Concat(random.GetItems(parts, random.Next(7)))).ToArray();

            Array.Sort(versions, VersionOrder.Instance);

            for (var i = 0; i < versions.Length; i++)
            {
                for (var j = i; j < versions.Length; j++)
                {
                    var (there, back) = (Order(versions[i], versions[j]), Order(versions[j], versions[i]));
                    Assert.That(there, Is.Not.Positive, $"'{versions[i]}' before '{versions[j]}' in {string.Join(' ', versions)}");
                    Assert.That(back, Is.EqualTo(-there), $"'{versions[j]}' and '{versions[i]}'");
                }
            }
        });

    private static int Order(string left, string right) => Math.Sign(VersionOrder.Instance.Compare(left, right));
}
