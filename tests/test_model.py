"""The embedded model, as anyone would load it: what its card promises."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import articles_of
from model2vec import StaticModel
from numpy.typing import NDArray
from opencc import OpenCC
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer

from recommender.recommend import Recommender

FOLDER = Path(__file__).parent.parent / "recommender" / "model"

# The same six sentences: on a verdict, a harvest, a concert, a hospital, a match and a school.
SENTENCES = {
    "en": (
        "The court found the man guilty and sent him to prison.",
        "The farmers brought in the harvest before the rain.",
        "She plays the piano and sings songs at the concert.",
        "The doctor gave the patient medicine in the hospital.",
        "Our team won the football match yesterday.",
        "The teacher asked the children to read a book at school.",
    ),
    "zh": (
        "法院判决这名男子有罪，把他送进监狱。",
        "农民赶在下雨之前收割了庄稼。",
        "她在音乐会上弹钢琴、唱歌。",
        "医生在医院里给病人开了药。",
        "我们队昨天赢了足球比赛。",
        "老师让孩子们在学校里读书。",
    ),
    "zh-Hant": (
        "法院判決這名男子有罪，把他送進監獄。",
        "農民趕在下雨之前收割了莊稼。",
        "她在音樂會上彈鋼琴、唱歌。",
        "醫生在醫院裡給病人開了藥。",
        "我們隊昨天贏了足球比賽。",
        "老師讓孩子們在學校裡讀書。",
    ),
    "ja": (
        "裁判所はその男を有罪とし、刑務所に送った。",
        "農民は雨の前に収穫を終えた。",
        "彼女はコンサートでピアノを弾き、歌を歌う。",
        "医者は病院で患者に薬を与えた。",
        "私たちのチームは昨日サッカーの試合に勝った。",
        "先生は学校で子供たちに本を読ませた。",
    ),
    "ko": (
        "법원은 그 남자에게 유죄를 선고하고 감옥에 보냈다.",
        "농민들은 비가 오기 전에 수확을 했다.",
        "그녀는 음악회에서 피아노를 치고 노래를 부른다.",
        "의사는 병원에서 환자에게 약을 주었다.",
        "우리 팀은 어제 축구 경기에서 이겼다.",
        "선생님은 학교에서 아이들에게 책을 읽게 했다.",
    ),
    "de": (
        "Das Gericht sprach den Mann schuldig und schickte ihn ins Gefängnis.",
        "Die Bauern brachten die Ernte vor dem Regen ein.",
        "Sie spielt Klavier und singt Lieder im Konzert.",
        "Der Arzt gab dem Patienten im Krankenhaus Medizin.",
        "Unsere Mannschaft hat gestern das Fußballspiel gewonnen.",
        "Der Lehrer bat die Kinder, in der Schule ein Buch zu lesen.",
    ),
    "fr": (
        "Le tribunal a déclaré l'homme coupable et l'a envoyé en prison.",
        "Les paysans ont rentré la récolte avant la pluie.",
        "Elle joue du piano et chante des chansons au concert.",
        "Le médecin a donné un médicament au patient à l'hôpital.",
        "Notre équipe a gagné le match de football hier.",
        "Le professeur a demandé aux enfants de lire un livre à l'école.",
    ),
    "es": (
        "El tribunal declaró culpable al hombre y lo envió a la cárcel.",
        "Los campesinos recogieron la cosecha antes de la lluvia.",
        "Ella toca el piano y canta canciones en el concierto.",
        "El médico dio una medicina al paciente en el hospital.",
        "Nuestro equipo ganó ayer el partido de fútbol.",
        "El maestro pidió a los niños que leyeran un libro en la escuela.",
    ),
    "pt": (
        "O tribunal declarou o homem culpado e o mandou para a prisão.",
        "Os agricultores fizeram a colheita antes da chuva.",
        "Ela toca piano e canta canções no concerto.",
        "O médico deu um remédio ao paciente no hospital.",
        "A nossa equipe ganhou ontem o jogo de futebol.",
        "O professor pediu às crianças que lessem um livro na escola.",
    ),
    "it": (
        "Il tribunale ha dichiarato l'uomo colpevole e lo ha mandato in prigione.",
        "I contadini hanno fatto il raccolto prima della pioggia.",
        "Lei suona il pianoforte e canta canzoni al concerto.",
        "Il medico ha dato una medicina al paziente in ospedale.",
        "La nostra squadra ha vinto ieri la partita di calcio.",
        "L'insegnante ha chiesto ai bambini di leggere un libro a scuola.",
    ),
    "ru": (
        "Суд признал мужчину виновным и отправил его в тюрьму.",
        "Крестьяне собрали урожай до дождя.",
        "Она играет на пианино и поёт песни на концерте.",
        "Врач дал больному лекарство в больнице.",
        "Наша команда вчера выиграла футбольный матч.",
        "Учитель попросил детей прочитать книгу в школе.",
    ),
    "ar": (
        "حكمت المحكمة على الرجل بأنه مذنب وأرسلته إلى السجن.",
        "جمع المزارعون المحصول قبل المطر.",
        "هي تعزف على البيانو وتغني الأغاني في الحفلة.",
        "أعطى الطبيب المريض دواء في المستشفى.",
        "فاز فريقنا في مباراة كرة القدم أمس.",
        "طلب المعلم من الأطفال قراءة كتاب في المدرسة.",
    ),
    "vi": (
        "Tòa án kết luận người đàn ông có tội và đưa anh ta vào tù.",
        "Nông dân thu hoạch lúa trước khi trời mưa.",
        "Cô ấy chơi đàn piano và hát bài hát trong buổi hòa nhạc.",
        "Bác sĩ cho bệnh nhân uống thuốc trong bệnh viện.",
        "Đội của chúng tôi đã thắng trận bóng đá hôm qua.",
        "Giáo viên yêu cầu trẻ em đọc sách ở trường.",
    ),
    "id": (
        "Pengadilan menyatakan pria itu bersalah dan mengirimnya ke penjara.",
        "Para petani memanen padi sebelum hujan.",
        "Dia bermain piano dan menyanyikan lagu di konser.",
        "Dokter memberi pasien obat di rumah sakit.",
        "Tim kami memenangkan pertandingan sepak bola kemarin.",
        "Guru meminta anak-anak membaca buku di sekolah.",
    ),
    "th": (
        "ศาลตัดสินว่าชายคนนั้นมีความผิดและส่งเขาเข้าคุก",
        "เกษตรกรเก็บเกี่ยวข้าวก่อนฝนตก",
        "เธอเล่นเปียโนและร้องเพลงในคอนเสิร์ต",
        "หมอให้ยาแก่ผู้ป่วยในโรงพยาบาล",
        "ทีมของเราชนะการแข่งขันฟุตบอลเมื่อวาน",
        "ครูขอให้เด็กอ่านหนังสือที่โรงเรียน",
    ),
    "tr": (
        "Mahkeme adamı suçlu buldu ve onu hapse gönderdi.",
        "Çiftçiler yağmurdan önce hasadı topladı.",
        "O konserde piyano çalıyor ve şarkı söylüyor.",
        "Doktor hastanede hastaya ilaç verdi.",
        "Takımımız dün futbol maçını kazandı.",
        "Öğretmen çocuklardan okulda kitap okumalarını istedi.",
    ),
    "hi": (
        "अदालत ने उस आदमी को दोषी पाया और उसे जेल भेज दिया।",
        "किसानों ने बारिश से पहले फसल काट ली।",
        "वह संगीत कार्यक्रम में पियानो बजाती है और गीत गाती है।",
        "डॉक्टर ने अस्पताल में मरीज को दवा दी।",
        "हमारी टीम ने कल फुटबॉल मैच जीता।",
        "शिक्षक ने बच्चों से स्कूल में किताब पढ़ने को कहा।",
    ),
}
WELL_KNOWN = ["zh", "zh-Hant", "ja", "ko", "de", "fr", "es", "pt", "it", "ru"]


@pytest.fixture(scope="module")
def model() -> SentenceTransformer:
    return SentenceTransformer(str(FOLDER))


def found_in_english(model: SentenceTransformer, language: str) -> int:
    """How many of the sentences have their translation as the nearest one."""
    there, english = (model.encode(list(SENTENCES[of]), normalize_embeddings=True) for of in (language, "en"))
    return int(sum((there @ english.T).argmax(axis=1) == np.arange(len(there))))


def cosines(model: SentenceTransformer, firsts: list[str], seconds: list[str]) -> NDArray[np.float32]:
    left, right = (model.encode(texts, normalize_embeddings=True) for texts in (firsts, seconds))
    return np.einsum("nd,nd->n", left, right)


@pytest.mark.parametrize("language", WELL_KNOWN)
def test_translations_are_nearest(model: SentenceTransformer, language: str) -> None:
    assert found_in_english(model, language) == 6


@pytest.mark.parametrize("language", sorted(SENTENCES.keys() - {"en", *WELL_KNOWN}))
def test_most_translations_are_nearest_where_there_was_little_text(model: SentenceTransformer, language: str) -> None:
    assert found_in_english(model, language) >= 4


@pytest.mark.parametrize("dimensions", [256, 128, 64])
def test_the_first_dimensions_serve_alone(dimensions: int) -> None:
    fewer = SentenceTransformer(str(FOLDER), truncate_dim=dimensions)
    assert fewer.encode(["法院"]).shape == (1, dimensions)
    assert [found_in_english(fewer, language) for language in ("zh", "de", "fr")] == [6, 6, 6]


def test_both_scripts_say_the_same(model: SentenceTransformer, seed_recommender: Recommender) -> None:
    texts = [paragraph.text for article in articles_of(seed_recommender) for paragraph in article.paragraphs]
    for table in ("s2t", "s2tw", "s2hk"):
        assert cosines(model, texts, [OpenCC(table).convert(text) for text in texts]).min() >= 0.98


def test_words_of_both_scripts_are_whole(model: SentenceTransformer) -> None:
    for text in ("进一步加强社区矫正", "進一步加強社區矯正"):
        assert model.tokenizer.encode(text).tokens == ["进一步", "加强", "社区", "矫正"]


@pytest.mark.parametrize(
    "added",
    ["一、{}", "（二）{}", "第三，{}", "3. {}", "2008年3月15日，{}", "《{}》", "{}！！！", "12：30 {}"],
)
def test_numbers_dates_and_punctuation_weigh_little(model: SentenceTransformer, added: str) -> None:
    text = "加强工商行政管理队伍的思想政治工作，提高监管执法水平"
    assert cosines(model, [text], [added.format(text)])[0] >= 0.95


@pytest.mark.parametrize("text", ["", " \n", "。！？", "🙂", "\U00013000"])
def test_nothing_known_is_the_zero_vector(model: SentenceTransformer, text: str) -> None:
    assert not model.encode([text]).any()
    assert not model.encode([text], normalize_embeddings=True).any()


def test_model2vec_reads_it_too(model: SentenceTransformer) -> None:
    texts = [text for sentences in SENTENCES.values() for text in sentences]
    assert np.allclose(model.encode(texts), StaticModel.from_pretrained(FOLDER).encode(texts), atol=1e-4)


def test_a_byte_a_number_and_a_weight_a_piece() -> None:
    tensors = load_file(FOLDER / "model.safetensors")
    rows, weights = tensors["embeddings"], tensors["weights"]
    assert rows.dtype == np.int8 and np.abs(rows.astype(int)).max() == 127
    assert weights.shape == (len(rows),)
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 40_000_000


def test_no_code_of_its_own_is_needed() -> None:
    assert {file.suffix for file in FOLDER.iterdir()} <= {".json", ".safetensors", ".md"}
    modules = json.loads((FOLDER / "modules.json").read_text())
    assert all(module["type"].startswith("sentence_transformers.") for module in modules)
